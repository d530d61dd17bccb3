import { midranks } from './ranks.ts';

/** More pairs than these have too many patterns of signs to count. */
export const MOST_SIGN_FLIPS = 30;

/**
 * The exact p of the sign-flip permutation test, two-sided: the share of the 2^n patterns of signs under which the mean
 * difference is at least as far from zero as it is. Its least value is 2^(1-n).
 * Counted by meeting in the middle: sums of either half, sorted, for at most 30 pairs.
 */
export function signFlipP(differences: readonly number[]): number {
  if (differences.length > MOST_SIGN_FLIPS) {
    throw new RangeError(`Sign flips are counted for up to ${MOST_SIGN_FLIPS} pairs; got ${differences.length}.`);
  }
  const size = differences.reduce((sum, each) => sum + Math.abs(each), 0);
  const observed = Math.abs(differences.reduce((sum, each) => sum + each, 0)) - 1e-12 * size;
  const half = differences.length >> 1;
  const first = signedSums(differences.slice(0, half));
  const second = signedSums(differences.slice(half));
  // Signs are symmetric: as many patterns lie as far below as above. All lie both above and below only where nothing differs.
  let above = 0;
  for (let i = 0, j = second.length; i < first.length; i++) {
    while (j > 0 && first[i]! + second[j - 1]! >= observed) j--;
    above += second.length - j;
  }
  return Math.min(1, (2 * above) / 2 ** differences.length);
}

function signedSums(values: readonly number[]): Float64Array {
  let sums = Float64Array.of(0);
  for (const value of values) {
    const next = new Float64Array(2 * sums.length);
    next.set(sums.map((sum) => sum + value));
    next.set(
      sums.map((sum) => sum - value),
      sums.length,
    );
    sums = next;
  }
  return sums.sort();
}

/** Differences that are equal but for the rounding of their subtraction tie. */
function unrounded(difference: number): number {
  return Math.round(difference * 1e12);
}

/**
 * The exact p of Wilcoxon's signed-rank test, two-sided, over all signs of the ranks as they are: equal differences share
 * their mean rank, and differences of zero are left out (Wilcoxon, 1945). 1 where all are zero.
 */
export function wilcoxonP(differences: readonly number[]): number {
  const kept = differences.map(unrounded).filter((each) => each !== 0);
  const doubled = midranks(kept.map((each) => Math.abs(each))).map((rank) => 2 * rank);
  const positive = doubled.reduce((sum, rank, i) => sum + (kept[i]! > 0 ? rank : 0), 0);
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  let shares = new Float64Array(total + 1);
  shares[0] = 1;
  for (const rank of doubled) {
    shares = shares.map((share, sum) => (share + (sum >= rank ? shares[sum - rank]! : 0)) / 2);
  }
  const end = Math.min(positive, total - positive);
  const tail = shares.subarray(0, end + 1).reduce((sum, share) => sum + share, 0);
  return Math.min(1, 2 * tail);
}
