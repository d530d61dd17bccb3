import type { HostTensors } from '@headstart/core/network';

/** The greatest number of tokens of a row, 1 at least: tokens come first in `mask`, `[rows, length]`, and padding after them. */
export function longestRow(mask: ArrayLike<number>, rows: number, length: number): number {
  let tokens = 1;
  for (let row = 0; row < rows; row++) while (tokens < length && mask[row * length + tokens] === 1) tokens++;
  return tokens;
}

/** The first `kept` columns of each input, `[rows, length]`. */
export function firstColumns(inputs: HostTensors, rows: number, length: number, kept: number): HostTensors {
  const cut = Object.entries(inputs).map(([name, values]) => {
    const columns = new Int32Array(rows * kept);
    for (let row = 0; row < rows; row++) columns.set(values.subarray(row * length, row * length + kept), row * kept);
    return [name, columns] as const;
  });
  return Object.fromEntries(cut);
}
