import { describe, expect, it } from 'vitest';
import { cohensDz, hedgesGz, mcnemarP, pairedInterval, pairedT, wilsonInterval } from '@headstart/core/statistics';
import { holm } from './holm.ts';
import { signFlipP, wilcoxonP } from './sign-tests.ts';
import { nemenyiConstant } from './studentised-range.ts';

// Values of independent implementations (NumPy 2.4, SciPy 1.17), to the digits that they were printed with.
const A = [0.712, 0.698, 0.731, 0.705, 0.722, 0.69, 0.715, 0.708];
const B = [0.695, 0.701, 0.702, 0.69, 0.699, 0.688, 0.697, 0.7];
const differences = A.map((a, i) => a - B[i]!);

describe('two methods over eight seeds', () => {
  it('has the paired t and the interval of the mean difference', () => {
    const { t, p } = pairedT(differences);
    expect(t).toBeCloseTo(3.6051178222, 9);
    expect(p).toBeCloseTo(0.0086804281, 9);
    const [low, high] = pairedInterval(differences, 0.95);
    expect(low).toBeCloseTo(0.0046882587, 9);
    expect(high).toBeCloseTo(0.0225617413, 9);
  });

  it('has effect sizes of paired differences', () => {
    expect(cohensDz(differences)).toBeCloseTo(1.2746016295, 9);
    expect(hedgesGz(differences)).toBeCloseTo(1.1329792262, 9);
  });

  it('has exact p values that ask for no distribution', () => {
    expect(wilcoxonP(differences)).toBeCloseTo(0.0234375, 12);
    expect(signFlipP(differences)).toBeCloseTo(0.0234375, 12);
  });

  it('has the corrected t where the test set is a quarter of the training set', () => {
    const { t, p } = pairedT(differences, 0.25);
    expect(t).toBeCloseTo(2.0814157451, 9);
    expect(p).toBeCloseTo(0.0759262689, 9);
  });
});

it('corrects a family by Holm', () => {
  holm([0.012, 0.003, 0.04, 0.2]).forEach((p, i) => expect(p).toBeCloseTo([0.036, 0.012, 0.08, 0.2][i]!, 12));
});

it.each([
  [10, 3, 0.0922851562],
  [25, 12, 0.0470310274],
])('divides %i against %i items with McNemar’s exact p', (a, b, p) => {
  expect(mcnemarP(a, b)).toBeCloseTo(p, 9);
});

it.each([
  [185, 200, 0.87995639, 0.95402508],
  [3, 5, 0.23072428, 0.88237923],
  [0, 20, 0, 0.16112516],
])('has Wilson’s interval of %i in %i', (successes, count, low, high) => {
  const interval = wilsonInterval(successes, count, 0.95);
  expect(interval[0]).toBeCloseTo(low, 8);
  expect(interval[1]).toBeCloseTo(high, 8);
});

it.each([
  [3, 2.343701],
  [4, 2.569032],
  [6, 2.849705],
  [10, 3.163684],
])('has Nemenyi’s constant of %i methods', (methods, constant) => {
  expect(nemenyiConstant(methods, 0.05)).toBeCloseTo(constant, 6);
});

it.each([
  [3, 0.25],
  [5, 0.0625],
  [6, 0.03125],
  [8, 0.0078125],
])('finds no smaller exact p in %i pairs than one pattern of signs each way', (pairs, least) => {
  const allAbove = Array.from({ length: pairs }, (_, i) => 0.01 + 0.001 * i);
  expect(signFlipP(allAbove)).toBe(least);
  expect(wilcoxonP(allAbove)).toBe(least);
});
