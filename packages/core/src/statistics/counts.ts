import { normalQuantile } from './distributions.ts';
import { incompleteBeta } from './special-functions.ts';

/**
 * McNemar's exact test, two-sided: of the items that one method has right and the other wrong, `a` and `b` each way, how
 * likely a division at least as uneven is where both are as likely. 1 where there are none.
 */
export function mcnemarP(a: number, b: number): number {
  if (a === b) return 1;
  const least = Math.min(a, b);
  return Math.min(1, 2 * incompleteBeta(0.5, a + b - least, least + 1));
}

/** Wilson's interval (1927) of a share of successes. */
export function wilsonInterval(successes: number, count: number, level: number): readonly [low: number, high: number] {
  const z = normalQuantile((1 + level) / 2);
  const share = successes / count;
  const whole = 1 + (z * z) / count;
  const centre = (share + (z * z) / (2 * count)) / whole;
  const half = (z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))) / whole;
  return [successes === 0 ? 0 : centre - half, successes === count ? 1 : centre + half];
}
