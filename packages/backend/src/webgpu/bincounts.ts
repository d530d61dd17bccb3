import { Bincount, DenseBincount, util, type TensorInfo } from '@tensorflow/tfjs-core';
import { runShader, setWebGpuKernel, type Shader, type WebGpuCall } from './kernel.ts';

/** One thread a bin of a row, which looks through the row's values in their order. */
const binShader = (hasWeights: boolean): Shader => ({
  key: `bincount_${hasWeights}`,
  inputs: hasWeights ? ['x', 'w'] : ['x'],
  uniforms: 'rows : i32, width : i32, bins : i32, once : i32,',
  code: `
    fn main(index : i32) {
      if (index < uniforms.rows * uniforms.bins) {
        let first = index / uniforms.bins * uniforms.width;
        let bin = index % uniforms.bins;
        var total = 0.0;
        for (var i = first; i < first + uniforms.width; i++) {
          if (i32(x[i]) == bin) {
            if (uniforms.once == 1) { total = 1.0; break; }
            total += ${hasWeights ? 'f32(w[i])' : '1.0'};
          }
        }
        setOutputAtIndex(index, total);
      }
    }`,
});

/**
 * Counts of values, or sums of their weights, in the order of the values, for tensors of any rank. TensorFlow.js has no shader that
 * compiles for more than two axes, and adds weights in whichever order they come.
 */
export function registerBincounts(): void {
  setWebGpuKernel(Bincount, (call) => count(call, util.sizeFromShape(call.inputs['x']!.shape), []));
  setWebGpuKernel(DenseBincount, (call) => {
    const { shape } = call.inputs['x']!;
    return count(call, shape.at(-1)!, shape.slice(0, -1));
  });
}

/**
 * @param width how many values are counted together
 * @param batch shape of what is counted apart
 */
function count({ inputs, attrs, backend }: WebGpuCall, width: number, batch: readonly number[]): TensorInfo {
  const { x, weights } = inputs as { x: TensorInfo; weights: TensorInfo };
  const { size, binaryOutput = false } = attrs as { size: number; binaryOutput?: boolean };
  const hasWeights = util.sizeFromShape(weights.shape) > 0;
  const rows = util.sizeFromShape([...batch]);
  return runShader(backend, binShader(hasWeights), hasWeights ? [x, weights] : [x], {
    shape: [...batch, size],
    dtype: weights.dtype,
    threads: rows * size,
    uniforms: [rows, width, size, Number(binaryOutput)],
  });
}
