import { Transpose, util } from '@tensorflow/tfjs-core';
import { runShader, setWebGpuKernel, type Shader } from './kernel.ts';

/** Each number of the output from where it was: per axis of the output its size, and how far apart its numbers were. */
const transposeShader = (rank: number): Shader => {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return {
    key: `transpose_${rank}`,
    inputs: ['x'],
    uniforms: ['count : i32,', ...axes.map((axis) => `size${axis} : i32, step${axis} : i32,`)].join(' '),
    code: `
      fn main(index : i32) {
        if (index < uniforms.count) {
          var rest = index;
          var at = 0;
          ${axes
            .toReversed()
            .map(
              (axis) => `at += rest % uniforms.size${axis} * uniforms.step${axis}; rest = rest / uniforms.size${axis};`,
            )
            .join('\n          ')}
          result[index] = x[at];
        }
      }`,
  };
};

/** Transposes of integers and booleans: TensorFlow.js's shader for more than two axes compiles for float32 alone. */
export function registerTransposes(): void {
  setWebGpuKernel(Transpose, ({ inputs, attrs, backend }, previous) => {
    const x = inputs['x']!;
    if (x.dtype === 'float32' || x.dtype === 'complex64') return previous();
    const { perm } = attrs as { perm: number[] };
    const steps = [...util.computeStrides(x.shape), 1];
    const shape = perm.map((axis) => x.shape[axis]!);
    const count = util.sizeFromShape(shape);
    return runShader(backend, transposeShader(shape.length), [x], {
      shape,
      dtype: x.dtype,
      threads: count,
      uniforms: [count, ...perm.flatMap((axis) => [x.shape[axis]!, steps[axis]!])],
    });
  });
}
