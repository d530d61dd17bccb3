import { describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { adjustedMutualInformation } from './adjusted-mutual-information.ts';
import { classAgreement } from './class-agreement.ts';
import { densityRatios } from './density-ratio.ts';
import { kMeans } from './k-means.ts';
import { certainty, informationMaximisation, nuclearNorm, softNeighbourhoodDensity } from './prediction-criteria.ts';
import { deepEmbeddedRisk, importanceWeightedRisk } from './weighted-risk.ts';

const [N, CLASSES] = [30, 3];
const matrix = (rows: number, columns: number, value: (i: number, j: number) => number) => ({
  rows,
  columns,
  values: Float64Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns)),
});
const exponential = (i: number, z: number) => Math.exp(2 * Math.cos(0.9 * i + 1.7 * z) + (z === i % CLASSES ? 1.5 : 0));
const probabilities = matrix(N, CLASSES, (i, z) => {
  return exponential(i, z) / [0, 1, 2].reduce((sum, each) => sum + exponential(i, each), 0);
});
const weights = Float64Array.from({ length: N }, (_, i) => Math.exp(Math.sin(0.7 * i)));
const losses = Float64Array.from({ length: N }, (_, i) => ((7 * i) % 5 === 0 ? 1 : 0));

describe('criteria without labels', () => {
  /** Computed in float64 with numpy by independent implementations of the papers' definitions. */
  it.each([
    ['soft neighbourhood density', () => softNeighbourhoodDensity(probabilities), 1.9334070241],
    ['information maximisation', () => informationMaximisation(probabilities), 0.5150623231],
    ['nuclear norm', () => nuclearNorm(probabilities), 0.25150214],
    ['importance-weighted risk', () => importanceWeightedRisk(weights, losses), 0.2372614037],
    ['deep embedded risk', () => deepEmbeddedRisk(weights, losses), 0.1845167854],
  ])('equal the golden value: %s', (_, value, golden) => {
    expect(Math.abs(value() - golden)).toBeLessThan(1e-9);
  });

  it('have their ends where predictions are one class for all, or none at all', () => {
    const alike = (of: readonly number[]) => matrix(8, of.length, (_, j) => of[j]!);
    expect(certainty(alike([1, 0]))).toBeCloseTo(0, 12);
    expect(certainty(alike([0.5, 0.5]))).toBeCloseTo(-Math.log(2), 12);
    for (const constant of [alike([1, 0]), alike([0.5, 0.5])])
      expect(informationMaximisation(constant)).toBeCloseTo(0, 12);
    // Seven others, all as near: the entropy is that of seven alike.
    expect(softNeighbourhoodDensity(alike([1, 0]))).toBeCloseTo(Math.log(7), 12);
    // One singular value, the root of eight.
    expect(nuclearNorm(alike([1, 0]))).toBeCloseTo(Math.sqrt(8) / 8, 12);
    expect(deepEmbeddedRisk([1, 1, 1, 1], [0, 1, 1, 0])).toBe(0.5);
  });
});

describe('adjustedMutualInformation', () => {
  it('is 1 of equal divisions however they are numbered, and as good as 0 of unrelated ones', () => {
    expect(adjustedMutualInformation([0, 0, 1, 1, 2], [5, 5, 3, 3, 9])).toBeCloseTo(1, 12);
    expect(adjustedMutualInformation([0, 0, 0], [1, 1, 1])).toBe(1);
    const random = new RandomStream('divisions');
    const [a, b] = [0, 1].map(() => Array.from({ length: 3000 }, () => random.int(4)));
    expect(Math.abs(adjustedMutualInformation(a!, b!))).toBeLessThan(0.01);
  });

  /** Over all orders of one division the mutual information is by chance, so the adjusted one averages to 0. */
  it('takes away what chance gives', () => {
    const a = [0, 0, 0, 1, 1, 2];
    const all = orders([0, 0, 1, 1, 1, 2]);
    const mean = all.reduce((sum, b) => sum + adjustedMutualInformation(a, b) / all.length, 0);
    expect(mean).toBeCloseTo(0, 12);
  });
});

/** Points around as many centres as there are classes, ten deviations apart. */
const clouds = (() => {
  const random = new RandomStream('clouds');
  return matrix(60, 2, (i, j) => (i % CLASSES === j ? 10 : 0) + random.normal());
})();

describe('kMeans and classAgreement', () => {
  it('finds clouds that lie apart, and how far predictions agree with them', () => {
    const truth = Array.from({ length: 60 }, (_, i) => i % CLASSES);
    expect(adjustedMutualInformation(truth, kMeans(clouds, CLASSES))).toBeCloseTo(1, 12);
    const sure = matrix(60, CLASSES, (i, j) => (i % CLASSES === j ? 0.8 : 0.1));
    const wrong = matrix(60, CLASSES, (i, j) => (Math.floor(i / 20) === j ? 0.8 : 0.1));
    expect(classAgreement(sure, clouds)).toBeCloseTo(1, 12);
    expect(classAgreement(wrong, clouds)).toBeLessThan(0.1);
  });

  it('gives the same clusters again, and does with rows that are all alike', () => {
    expect(kMeans(clouds, 4)).toEqual(kMeans(clouds, 4));
    expect(
      kMeans(
        matrix(5, 2, () => 1),
        3,
      ),
    ).toHaveLength(5);
  });
});

describe('densityRatios', () => {
  const random = new RandomStream('domains');
  const gaussian = (rows: number, mean: number) => matrix(rows, 1, () => mean + random.normal());

  it('is near the true ratio of two Gaussians', () => {
    const labelled = gaussian(2000, 0);
    const ratios = densityRatios(labelled, gaussian(1000, 1));
    // exp(-(x - 1)² / 2) / exp(-x² / 2) = exp(x - 1/2).
    const errors = ratios.map((ratio, i) => Math.abs(Math.log(ratio) - (labelled.values[i]! - 0.5)));
    // The penalty flattens the slope a little, and 3000 samples know it to some hundredths.
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.2);
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / 2000).toBeGreaterThan(0.8);
  });

  it('is 1 where the domains are the same', () => {
    const same = gaussian(500, 0);
    for (const ratio of densityRatios(same, same)) expect(ratio).toBeCloseTo(1, 6);
  });
});

function orders(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
}
