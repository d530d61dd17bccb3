import { expandDims, tensor, transpose, type Tensor } from '@tensorflow/tfjs-core';
import type { Embedding } from '@headstart/core/network';

const FARTHEST = 128;

/**
 * MPNet's bucket of how far `key` stands after `query` (as in T5: Raffel et al., 2020): half of the
 * buckets for each direction, in each the first half exact, the rest by the distance's logarithm.
 */
export function relativeBucket(query: number, key: number, buckets: number): number {
  const half = Math.floor(buckets / 2);
  const exact = Math.floor(half / 2);
  const distance = Math.abs(query - key);
  const side = key > query ? half : 0;
  if (distance < exact) return side + distance;
  const beyond = Math.floor((Math.log(distance / exact) / Math.log(FARTHEST / exact)) * (half - exact));
  return side + Math.min(half - 1, exact + beyond);
}

/** What attention adds to its scores for relative positions: `[1, heads, length, length]`. @param embedding `[buckets, heads]` */
export function relativeBias(embedding: Embedding, length: number): Tensor {
  const [buckets] = embedding.rows.value.shape as [number, number];
  const ids = Int32Array.from({ length: length * length }, (_, i) =>
    relativeBucket(Math.floor(i / length), i % length, buckets),
  );
  return expandDims(transpose(embedding.forward(tensor(ids, [length, length], 'int32')), [2, 0, 1]), 0);
}
