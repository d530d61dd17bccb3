import { erfc, incompleteBeta, logGamma } from './special-functions.ts';

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z / Math.SQRT2);
}

/** The density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** The z with P(Z ≤ z) = p. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  return -upperQuantile(p, (z) => 0.5 * erfc(z / Math.SQRT2));
}

/** P(T > t) of Student's distribution, exact in its far tail too. */
export function tUpperTail(t: number, freedom: number): number {
  if (t < 0) return 1 - tUpperTail(-t, freedom);
  const square = t * t;
  return 0.5 * incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5, square / (freedom + square));
}

/** P(|T| ≥ |t|). */
export function tTwoSided(t: number, freedom: number): number {
  return 2 * tUpperTail(Math.abs(t), freedom);
}

/** The t with P(T ≤ t) = p. */
export function tQuantile(p: number, freedom: number): number {
  if (p < 0.5) return -tQuantile(1 - p, freedom);
  return tUpperQuantile(1 - p, freedom);
}

/** The t with P(T > t) = tail, for a tail of at most a half: no digits are lost where it is small. */
export function tUpperQuantile(tail: number, freedom: number): number {
  return upperQuantile(tail, (t) => tUpperTail(t, freedom));
}

/** P(F > f) of Fisher's distribution. */
export function fUpperTail(f: number, freedomAbove: number, freedomBelow: number): number {
  const scaled = freedomAbove * f;
  const whole = freedomBelow + scaled;
  return incompleteBeta(freedomBelow / whole, freedomBelow / 2, freedomAbove / 2, scaled / whole);
}

/**
 * The mean of `value(s)` where s² is a chi-squared number over its degrees of freedom: how an estimated spread varies around
 * the true one. By the trapezoidal rule in log s, which is exact to rounding for functions as smooth as these.
 */
export function overEstimatedSpread(freedom: number, value: (s: number) => number): number {
  const half = freedom / 2;
  const constant = Math.log(2) + half * Math.log(half) - logGamma(half);
  const step = Math.min(0.1, 0.5 / Math.sqrt(freedom));
  let sum = 0;
  for (let u = -35 / freedom - 8 / Math.sqrt(freedom); u < 8 / Math.sqrt(freedom); u += step) {
    sum += Math.exp(constant + freedom * u - half * Math.exp(2 * u)) * value(Math.exp(u));
  }
  return sum * step;
}

/** The value at which a falling tail probability equals `tail`: bracketed, then halved until no number lies between. */
export function upperQuantile(tail: number, upperTail: (value: number) => number): number {
  let low = 0;
  let high = 1;
  while (upperTail(high) > tail) [low, high] = [high, 2 * high];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (upperTail(middle) > tail) low = middle;
    else high = middle;
  }
}
