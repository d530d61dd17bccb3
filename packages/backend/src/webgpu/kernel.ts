import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** The name that TensorFlow.js's WebGPU kernels are registered for. */
export const WEBGPU = 'webgpu';

/** A call of a kernel. */
export interface WebGpuCall {
  inputs: Record<string, TensorInfo>;
  attrs: NamedAttrMap;
  backend: WebGPUBackend;
}

/** Runs the kernel that was there before, with the same inputs and attributes but for those that are given. */
type Previous = (inputs?: Record<string, TensorInfo>, attrs?: NamedAttrMap) => TensorInfo;

/** Registers a kernel for WebGPU in place of the one that is there, which `run` is given. */
export function setWebGpuKernel(kernelName: string, run: (call: WebGpuCall, previous: Previous) => TensorInfo): void {
  const previous = tf.getKernel(kernelName, WEBGPU)?.kernelFunc as KernelFunc | undefined;
  if (previous) tf.unregisterKernel(kernelName, WEBGPU);
  tf.registerKernel({
    kernelName,
    backendName: WEBGPU,
    kernelFunc: (call) =>
      run(call as unknown as WebGpuCall, (inputs, attrs) => {
        const given = inputs ? { ...call, inputs: { ...call.inputs, ...inputs } } : call;
        return previous!(attrs ? { ...given, attrs: { ...given.attrs, ...attrs } } : given) as TensorInfo;
      }),
  });
}

/** A compute shader as TensorFlow.js's backend takes it, with one thread a number. */
export interface Shader {
  /** A name for the code, which is compiled once for each. */
  readonly key: string;
  readonly inputs: readonly string[];
  /** Fields of WGSL's `uniforms`, besides shapes: `name : type,`. */
  readonly uniforms?: string;
  /** WGSL: `fn main(index : i32) { … }`. Inputs are arrays by their names, the output is `result`. */
  readonly code: string;
}

const WORKGROUP = 64;

/**
 * Runs a shader.
 * @param threads how many are wanted; there may be more
 * @param output where it writes to, new without it
 */
export function runShader(
  backend: WebGPUBackend,
  { key, inputs: variableNames, uniforms, code }: Shader,
  inputs: readonly TensorInfo[],
  result: { shape: number[]; dtype: tf.DataType; threads: number; uniforms?: readonly number[]; output?: TensorInfo },
): TensorInfo {
  const program = {
    variableNames: [...variableNames],
    uniforms,
    outputShape: result.shape,
    shaderKey: `headstart_${key}`,
    dispatchLayout: { x: result.shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(result.threads / WORKGROUP), 1, 1] as [number, number, number],
    workgroupSize: [WORKGROUP, 1, 1] as [number, number, number],
    getUserCode: () => code,
  };
  return backend.runWebGPUProgram(
    program,
    [...inputs],
    result.dtype,
    result.uniforms?.map((value) => ({ type: 'int32', data: [value] })),
    result.output,
  );
}
