import type { HostEmbedder } from '../frozen/host-embedder.ts';
import { wordRows } from './split-words.ts';
import type { WordVectors } from './word-vectors.ts';

export type WordPooling = 'sif' | 'mean';

/** The paper's `a`, in the middle of the range that it finds good. */
const SMOOTHING = 1e-3;

/**
 * A text as the average of its words' vectors: each counted alike (`mean`), or `a / (a + p)` times by its probability
 * p (`sif`: smooth inverse frequency, Arora et al., 2017, equation 3, whose removal of a common component needs a corpus
 * and is left to the head's standardisation). Probabilities follow Zipf's law by the words' rank in the file:
 * p = 1 / (rank · H), H the harmonic number of the words' count. A text without a known word has zeros.
 */
export function pooledVectors(
  { rows, words, width, values }: WordVectors,
  pooling: WordPooling,
  digest: string,
): HostEmbedder {
  const weights = pooling === 'sif' ? sifWeights(words.length) : undefined;
  return {
    identity: JSON.stringify(['word-vectors/1', digest, pooling]),
    runtime: 'javascript',
    width,
    batch: 1024,
    embed: async (texts) => {
      const result = new Float32Array(texts.length * width);
      texts.forEach((text, i) => average(wordRows(text, rows), result.subarray(i * width, (i + 1) * width)));
      return result;
    },
    dispose: () => {},
  };

  function average(found: readonly number[], into: Float32Array): void {
    for (const row of found) {
      const weight = (weights?.[row] ?? 1) / found.length;
      for (let k = 0; k < width; k++) into[k]! += weight * values[row * width + k]!;
    }
  }
}

/** Weight of the word at each rank, the most frequent first. */
export function sifWeights(count: number): Float64Array {
  let harmonic = 0;
  for (let rank = count; rank >= 1; rank--) harmonic += 1 / rank;
  return Float64Array.from({ length: count }, (_, i) => SMOOTHING / (SMOOTHING + 1 / ((i + 1) * harmonic)));
}
