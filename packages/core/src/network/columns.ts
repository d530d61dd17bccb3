import { concat, slice, type Tensor } from '@tensorflow/tfjs-core';

/** Some places, ascending, of the last axis: `[…, n]` gives `[…, places.length]`. Neighbours are cut out together. */
export function columnsOf(x: Tensor, places: readonly number[]): Tensor {
  const parts = runsOf(places).map(({ start, length }) =>
    slice(x, [...x.shape.slice(1).map(() => 0), start], [...x.shape.slice(0, -1), length]),
  );
  return parts.length === 1 ? parts[0]! : concat(parts, -1);
}

function runsOf(places: readonly number[]): { start: number; length: number }[] {
  const runs: { start: number; length: number }[] = [];
  for (const place of places) {
    const last = runs.at(-1);
    if (last && last.start + last.length === place) last.length += 1;
    else runs.push({ start: place, length: 1 });
  }
  return runs;
}
