import { customGrad, gather, reshape, unsortedSegmentSum, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';

/**
 * Rows of a table: `[…ids, width]`. The gradient adds up each row's share in one op, where that of
 * `gather` moves the whole table about.
 *
 * @param table `[rows, width]`
 * @param ids int32, any shape; from 0 to less than `rows`
 */
export function lookUp(table: Tensor, ids: Tensor): Tensor {
  const [rows, width] = table.shape as [number, number];
  const rowsOf = customGrad((...args) => {
    const [table, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const flat = reshape(ids, [ids.size]);
    save([flat]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) =>
      unsortedSegmentSum(reshape(dy, [ids.size, width]), saved[0] as Tensor1D, rows);
    return { value: gather(table, flat), gradFunc };
  });
  return reshape(rowsOf(table), [...ids.shape, width]);
}
