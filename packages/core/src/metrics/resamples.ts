import { RandomStream } from '../random/random-stream.ts';

/** Draws are kept for this many numbers of samples, of this many counts at most each. */
const MOST_KEPT = 4;
const MOST_COUNTS = 2 ** 22;

const kept = new Map<string, Int32Array[]>();

/**
 * How often each of some samples is drawn, in draws with replacement of as many as there are: always the same ones for
 * the same numbers. A resample is to be read before the next one is taken.
 */
export function resamplesOf(samples: number, resamples: number): Iterable<Int32Array> {
  if (samples * resamples > MOST_COUNTS) return draw(samples, resamples, new Int32Array(samples));
  const key = `${samples} ${resamples}`;
  const known = kept.get(key) ?? Array.from(draw(samples, resamples));
  kept.delete(key);
  kept.set(key, known);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
  return known;
}

/** @param memory where each resample is written, over the one before */
function* draw(samples: number, resamples: number, memory?: Int32Array): Generator<Int32Array> {
  const random = new RandomStream('bootstrap');
  for (let round = 0; round < resamples; round++) {
    const counts = memory?.fill(0) ?? new Int32Array(samples);
    for (let i = 0; i < samples; i++) counts[random.int(samples)]!++;
    yield counts;
  }
}
