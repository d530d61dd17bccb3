import type { LoadOptions, PageCard, PageTensors } from './contract.ts';
import { fetchFile } from './page-files.ts';
import { PageFailure, reasonOf } from './page-error.ts';
import type { RunningModel } from './running-model.ts';

/** Of onnxruntime-web what is used here. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { wasmPaths?: object | string; numThreads?: number } };
  readonly Tensor: new (type: string, data: Float32Array | BigInt64Array, shape: readonly number[]) => OnnxTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}
interface OnnxTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}
interface Session {
  readonly inputNames: readonly string[];
  run(inputs: Readonly<Record<string, OnnxTensor>>, wanted: readonly string[]): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

/**
 * An ONNX graph in onnxruntime's WebAssembly. Whole numbers are 64-bit there.
 * @throws PageError `file-missing`, `runtime-failed`
 */
export async function onnxModel(
  library: object,
  { model: described, output }: PageCard,
  folder: URL,
  { model: path = described!.path }: LoadOptions,
): Promise<RunningModel> {
  const ort = library as OnnxRuntime;
  const url = new URL(path, folder);
  const bytes = new Uint8Array(await (await fetchFile(url)).arrayBuffer());
  // A page that is not isolated from others has no threads; asking for them would only warn.
  if (!globalThis.crossOriginIsolated) ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths ??= { wasm: new URL('runtime/ort-wasm-simd-threaded.wasm', folder).href };
  let session: Session;
  try {
    session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  } catch (cause) {
    throw new PageFailure({
      code: 'runtime-failed',
      message: `onnxruntime-web cannot run ${url.href}: ${reasonOf(cause)}.`,
      hint: 'Check that runtime/ holds ort-wasm-simd-threaded.wasm of the same version of onnxruntime-web as its module.',
      cause,
    });
  }
  const names = described?.inputs ?? {};
  return {
    backend: 'onnx',
    async run(inputs: PageTensors) {
      const given = Object.entries(inputs).flatMap(([key, { data, shape }]) => {
        const name = names[key] ?? key;
        if (!session.inputNames.includes(name)) return [];
        const tensor =
          data instanceof Int32Array
            ? new ort.Tensor('int64', BigInt64Array.from(data, BigInt), shape)
            : new ort.Tensor('float32', data, shape);
        return [[name, tensor] as const];
      });
      const outputs = await session.run(Object.fromEntries(given), output.tensors);
      return Object.fromEntries(
        output.tensors.map((name) => [name, { data: outputs[name]!.data, shape: outputs[name]!.dims }]),
      );
    },
    dispose: () => void session.release(),
  };
}
