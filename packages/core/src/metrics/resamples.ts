import { RandomStream } from '../random/random-stream.ts';

/** Draws with replacement from some samples: how often each sample is in each of them. */
export interface Resamples {
  readonly samples: number;
  /** How many draws there are. */
  readonly draws: number;
  /** How often sample i is in draw d, at `i · draws + d`. */
  readonly counts: Int32Array;
}

/** Draws are kept for this many numbers of samples, of at most this many counts each. */
const MOST_KEPT = 4;
const MOST_COUNTS = 2 ** 22;

/** A block has about so many counts, which a processor's cache holds. */
const BLOCK_COUNTS = 2 ** 18;

const drawn = new Map<string, readonly Resamples[]>();
const once = new Map<string, Resamples>();

/**
 * Draws of as many samples as there are, always the same ones for the same numbers, in blocks. A block is to be read before
 * the next one is taken.
 */
export function resamplesOf(samples: number, draws: number): Iterable<Resamples> {
  if (samples * draws > MOST_COUNTS) return drawnInBlocks(samples, draws, true);
  return keptIn(drawn, `${samples} ${draws}`, () => Array.from(drawnInBlocks(samples, draws)));
}

/** Each sample once. */
export function onceEach(samples: number): Resamples {
  return keptIn(once, `${samples}`, () => ({ samples, draws: 1, counts: new Int32Array(samples).fill(1) }));
}

function keptIn<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const found = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, found);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
  return found;
}

/** @param overwrites whether each block is written over the one before */
function* drawnInBlocks(samples: number, draws: number, overwrites = false): Generator<Resamples> {
  const random = new RandomStream('bootstrap');
  const most = Math.max(1, Math.min(draws, Math.floor(BLOCK_COUNTS / samples)));
  let memory = new Int32Array(0);
  for (let from = 0; from < draws; from += most) {
    const block = Math.min(most, draws - from);
    memory = overwrites && memory.length === samples * block ? memory.fill(0) : new Int32Array(samples * block);
    for (let draw = 0; draw < block; draw++)
      for (let i = 0; i < samples; i++) memory[random.int(samples) * block + draw]!++;
    yield { samples, draws: block, counts: memory };
  }
}

/** What is computed of an object, such as draws or evidence, once for as long as it is there. */
export function oncePer<Given extends object, T>(compute: (given: Given) => T): (given: Given) => T {
  const known = new WeakMap<Given, { readonly value: T }>();
  return (given) => {
    const found = known.get(given) ?? { value: compute(given) };
    known.set(given, found);
    return found.value;
  };
}

/** How many samples each draw has. */
export const drawnSamples = oncePer(({ samples, draws, counts }: Resamples): Float64Array => {
  const totals = new Float64Array(draws);
  for (let i = 0; i < samples; i++) addRow(totals, 0, counts, i * draws, draws);
  return totals;
});

/** Adds `length` numbers of `row`, from `from` on, to those of `sums`, from `to` on. */
export function addRow(sums: Float64Array, to: number, row: Int32Array, from: number, length: number): void {
  for (let d = 0; d < length; d++) sums[to + d]! += row[from + d]!;
}
