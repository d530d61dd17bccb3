import { UnsortedSegmentSum, util, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { runShader, setWebGpuKernel, type Shader } from './kernel.ts';

/** For each row: the next row of its segment or -1, then whether it is its segment's first. */
const LINKS: Shader = {
  key: 'segment_links',
  inputs: ['ids'],
  uniforms: 'rows : i32,',
  code: `
    fn main(index : i32) {
      if (index < uniforms.rows) {
        var next = -1;
        for (var j = index + 1; j < uniforms.rows; j++) {
          if (ids[j] == ids[index]) { next = j; break; }
        }
        result[index] = next;
      } else if (index < 2 * uniforms.rows) {
        let row = index - uniforms.rows;
        var first = 1;
        for (var j = row - 1; j >= 0; j--) {
          if (ids[j] == ids[row]) { first = 0; break; }
        }
        result[index] = first;
      }
    }`,
};

/** A segment's first row adds up the others, in their order. */
const SUMS: Shader = {
  key: 'segment_sums',
  inputs: ['x', 'ids', 'links'],
  uniforms: 'rows : i32, width : i32, segments : i32,',
  code: `
    fn main(index : i32) {
      if (index < uniforms.rows * uniforms.width) {
        let row = index / uniforms.width;
        let column = index % uniforms.width;
        let id = ids[row];
        if (links[uniforms.rows + row] == 1 && id >= 0 && id < uniforms.segments) {
          var sum = x[index];
          for (var j = links[row]; j >= 0; j = links[j]) { sum += x[j * uniforms.width + column]; }
          result[id * uniforms.width + column] = sum;
        }
      }
    }`,
};

/**
 * Sums over segments, which the gradient of a look-up of rows is, in the order of the rows. TensorFlow.js adds them
 * atomically, in whichever order they come: the last bits would change from run to run.
 */
export function registerSegmentSum(): void {
  setWebGpuKernel(UnsortedSegmentSum, ({ inputs, attrs, backend }) => {
    const { x, segmentIds: ids } = inputs as { x: Tensor; segmentIds: Tensor };
    const { numSegments: segments } = attrs as { numSegments: number };
    const rows = ids.size;
    const width = util.sizeFromShape(x.shape) / Math.max(rows, 1);
    const output = zeros([segments, ...x.shape.slice(ids.rank)], x.dtype as 'float32');
    if (rows === 0 || width === 0) return output;
    // A tensor made from its values on the host is not on the device before it is used.
    const links = runShader(backend, LINKS, [ids], {
      shape: [2 * rows],
      dtype: 'int32',
      threads: 2 * rows,
      uniforms: [rows],
    });
    runShader(backend, SUMS, [x, ids, links], {
      shape: output.shape,
      dtype: x.dtype,
      threads: rows * width,
      uniforms: [rows, width, segments],
      output,
    });
    backend.disposeData(links.dataId);
    return output;
  });
}
