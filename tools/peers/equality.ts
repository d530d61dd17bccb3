import { HeadstartError } from '@headstart/core';

/** Largest differences to ours with which a contestant counts as doing the same work. */
const LIMITS = {
  /** Of a published classifier's logits. */
  logits: 1e-4,
  /** Of the loss before any update. */
  first: 1e-4,
  /** Of the loss after one update. */
  second: 2e-3,
  /** Of the mean of the last losses, as a share of ours: rounding grows with every update. */
  last: 0.1,
  /** Of a number of a text's vector. */
  vectors: 1e-4,
  /** Of a text's vector to ours, also where it comes from 8-bit whole numbers. */
  leastCosine: 0.94,
  meanCosine: 0.98,
};

/** The last losses that are taken together: a library that runs several steps at once tells their mean. */
const LAST = 4;

/** Numbers in a vector of all-MiniLM-L6-v2. */
const WIDTH = 384;

export interface LossDifferences {
  readonly first: number;
  readonly second: number;
  readonly last: number;
}

/** The largest difference. @throws HeadstartError `internal` where it is more than rounding */
export function checkLogits(name: string, ours: Float32Array, theirs: Float32Array): number {
  if (ours.length !== theirs.length) throw differs(name, 'the number of logits', theirs.length, ours.length);
  let most = 0;
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i]! - theirs[i]!);
    if (!(difference <= LIMITS.logits)) throw differs(name, `logit ${i}`, theirs[i]!, ours[i]!);
    most = Math.max(most, difference);
  }
  return most;
}

export interface VectorDifferences {
  /** The largest of any number. */
  readonly most: number;
  readonly leastCosine: number;
  readonly meanCosine: number;
}

/**
 * Vectors of length 1 of the same texts, one after another.
 * @throws HeadstartError `internal` where they differ by more than rounding, or than 8-bit whole numbers account for
 */
export function checkVectors(
  name: string,
  ours: Float32Array,
  theirs: Float32Array,
  precision: 'exact' | 'quantised',
): VectorDifferences {
  if (ours.length !== theirs.length) throw differs(name, 'the number of values', theirs.length, ours.length);
  let most = 0;
  const cosines: number[] = [];
  for (let from = 0; from < ours.length; from += WIDTH) {
    let cosine = 0;
    for (let i = from; i < from + WIDTH; i++) {
      const difference = Math.abs(ours[i]! - theirs[i]!);
      if (precision === 'exact' && !(difference <= LIMITS.vectors))
        throw differs(name, `value ${i - from} of text ${from / WIDTH + 1}`, theirs[i]!, ours[i]!);
      most = Math.max(most, difference);
      cosine += ours[i]! * theirs[i]!;
    }
    cosines.push(cosine);
  }
  const [leastCosine, meanCosine] = [
    Math.min(...cosines),
    cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length,
  ];
  if (!(leastCosine >= LIMITS.leastCosine)) throw differs(name, 'the least cosine', leastCosine, 1);
  if (!(meanCosine >= LIMITS.meanCosine)) throw differs(name, 'the mean cosine', meanCosine, 1);
  return { most, leastCosine, meanCosine };
}

/** Differences of the losses, step by step on the same batches. @throws HeadstartError `internal` */
export function checkLosses(name: string, ours: readonly number[], theirs: readonly number[]): LossDifferences {
  if (ours.length !== theirs.length) throw differs(name, 'the number of steps', theirs.length, ours.length);
  const held = (own: number, other: number, what: string, limit: number) => {
    const difference = Math.abs(own - other);
    if (!(difference <= limit)) throw differs(name, `the ${what} loss`, other, own);
    return difference;
  };
  const [lastOfOurs, lastOfTheirs] = [lastOf(ours), lastOf(theirs)];
  return {
    first: held(ours[0]!, theirs[0]!, 'first', LIMITS.first),
    second: held(ours[1]!, theirs[1]!, 'second', LIMITS.second),
    last: held(lastOfOurs, lastOfTheirs, 'last', LIMITS.last * Math.abs(lastOfOurs)),
  };
}

/** The mean of the last losses, of those after the second. */
function lastOf(losses: readonly number[]): number {
  const last = losses.slice(Math.max(2, losses.length - LAST));
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
}

function differs(name: string, what: string, theirs: number, ours: number): HeadstartError {
  return new HeadstartError({
    code: 'internal',
    message: `${name} does not do the same work: ${what} is ${theirs} where Headstart has ${ours}.`,
    hint: 'Times of different work cannot be compared: find the difference in tools/peers first.',
  });
}
