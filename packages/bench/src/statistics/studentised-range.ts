import { normalCdf, normalDensity, upperQuantile } from '@headstart/core/statistics';

/**
 * P(range > q) of `count` independent standard normal numbers, the studentised range with infinite degrees of freedom:
 * 1 - k ∫ φ(z) (Φ(z) - Φ(z - q))^(k-1) dz, by the trapezoidal rule.
 */
export function rangeUpperTail(q: number, count: number): number {
  const step = 0.1;
  let sum = 0;
  for (let z = -9; z <= 9; z += step) {
    sum += normalDensity(z) * (1 - (normalCdf(z) - normalCdf(z - q)) ** (count - 1));
  }
  return count * step * sum - (count - 1);
}

/** Nemenyi's constant for `count` methods: the range that is exceeded with probability alpha, over √2 (Demšar, 2006, table 5). */
export function nemenyiConstant(count: number, alpha: number): number {
  return upperQuantile(alpha, (q) => rangeUpperTail(q, count)) / Math.SQRT2;
}
