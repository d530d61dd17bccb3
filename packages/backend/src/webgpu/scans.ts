import { Cumprod, Cumsum, engine, tidy, transpose, util, type Tensor } from '@tensorflow/tfjs-core';
import { runShader, setWebGpuKernel, type Shader, type WebGpuCall } from './kernel.ts';

/** A line's running sums or products: one thread a line, in the order of its numbers. */
const scanShader = (name: string, operator: '+' | '*', identity: 0 | 1, type: 'f32' | 'i32'): Shader => ({
  key: `${name}_${type}`,
  inputs: ['x'],
  uniforms: 'lines : i32, width : i32, exclusive : i32, backwards : i32,',
  code: `
    fn main(index : i32) {
      if (index < uniforms.lines) {
        let first = index * uniforms.width;
        var running = ${type}(${identity});
        for (var i = 0; i < uniforms.width; i++) {
          let at = first + select(i, uniforms.width - 1 - i, uniforms.backwards == 1);
          let next = running ${operator} x[at];
          result[at] = select(next, running, uniforms.exclusive == 1);
          running = next;
        }
      }
    }`,
});

/**
 * Running sums and products along an axis, of tensors of any rank. TensorFlow.js compiles the length of the axis into a
 * shader that it then takes for any length: backwards, the numbers of every other length would be wrong.
 */
export function registerScans(): void {
  for (const [name, operator, identity] of [
    [Cumsum, '+', 0],
    [Cumprod, '*', 1],
  ] as const)
    setWebGpuKernel(name, (call) =>
      scan(scanShader(name, operator, identity, call.inputs['x']!.dtype === 'float32' ? 'f32' : 'i32'), call),
    );
}

function scan(shader: Shader, { inputs, attrs, backend }: WebGpuCall): Tensor {
  const x = inputs['x'] as Tensor;
  const { axis, exclusive, reverse } = attrs as { axis: number; exclusive: boolean; reverse: boolean };
  const [along] = util.parseAxisParam(axis, x.shape) as [number];
  const last = x.shape.length - 1;
  // The axis and the last one change places, and again on the way back.
  const order = x.shape.map((_, i) => (i === along ? last : i === last ? along : i));
  return tidy(() => {
    const lines = along === last ? x : transpose(x, order);
    const width = lines.shape[last]!;
    const count = util.sizeFromShape(lines.shape) / Math.max(width, 1);
    const done = runShader(backend, shader, [lines], {
      shape: lines.shape,
      dtype: x.dtype,
      threads: count,
      uniforms: [count, width, Number(exclusive), Number(reverse)],
    });
    const scanned = engine().makeTensorFromTensorInfo(done);
    return along === last ? scanned : transpose(scanned, order);
  });
}
