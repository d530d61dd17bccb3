import '@tensorflow/tfjs';
import {
  argMax,
  grad,
  matMul,
  scalar,
  softmax,
  mul,
  add,
  sum,
  tensor1d,
  tensor2d,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { reverseGradient } from '../network/reverse-gradient.ts';
import { softCrossEntropy } from '../network/soft-cross-entropy.ts';
import { stopGradient } from '../network/stop-gradient.ts';
import { entropyLoss, informationMaximisationLoss, nuclearNormLoss } from './certainty.ts';
import { classConfusionLoss } from './class-confusion.ts';
import { certaintyWeights, domainLoss, multilinearMap, reversalScale, weighedDomainLoss } from './domain-confusion.ts';
import {
  coralLoss,
  deepCoralLoss,
  gaussianMeanDiscrepancy,
  meanDiscrepancy,
  standardised,
} from './domain-distances.ts';
import { marginDisparity } from './margin-disparity.ts';
import { neighbourLoss, neighbourOpinions } from './neighbours.ts';
import { centroidLabels, fixMatchLoss } from './pseudo-labels.ts';

// Expected values are those of independent implementations of the same definitions in float64 (numpy and scipy).
const SAMPLES = 6;
const WIDTH = 4;
const CLASSES = 3;

const table = (columns: number, value: (i: number, j: number) => number) =>
  tensor2d(
    Array.from({ length: SAMPLES }, (_, i) => Array.from({ length: columns }, (_, j) => value(i, j))),
    [SAMPLES, columns],
  );
const labelled = table(WIDTH, (i, j) => Math.sin(1 + 4 * i + j));
const unlabelled = table(WIDTH, (i, j) => 0.5 + 1.2 * Math.cos(0.5 * (4 * i + j)));
const labelledLogits = table(CLASSES, (i, k) => 2 * Math.sin(2 + 3 * i + 2 * k));
const unlabelledLogits = table(CLASSES, (i, k) => 2 * Math.cos(1 + 2 * i + 3 * k));
const labelledAdversary = table(CLASSES, (i, k) => Math.sin(0.3 * (i + 1) * (k + 2)));
const unlabelledAdversary = table(CLASSES, (i, k) => Math.cos(0.7 * (i + 1) + k));

/** The discriminator `u · x + b` of features. */
const judge = (features: Tensor2D) => add(matMul(features, tensor2d([0.3, -0.2, 0.5, 0.1], [WIDTH, 1])), 0.05);
/** The discriminator `Σ V[k][j] g_k f_j` of the multilinear map. */
const CONDITIONAL = tensor2d(
  Array.from({ length: CLASSES * WIDTH }, (_, at) => 0.1 * (Math.floor(at / WIDTH) + 1) - 0.05 * (at % WIDTH)),
  [CLASSES * WIDTH, 1],
);
const judgeWithClasses = (features: Tensor2D, probabilities: Tensor2D) =>
  matMul(multilinearMap(features, stopGradient(probabilities)), CONDITIONAL);
const probabilities = { own: softmax(labelledLogits), others: softmax(unlabelledLogits) };
const conditional = (features: Tensor2D, over?: 'both' | 'each') =>
  weighedDomainLoss(
    judgeWithClasses(labelled, probabilities.own),
    judgeWithClasses(features, probabilities.others),
    over && certaintyWeights(probabilities.own, probabilities.others, over),
  );
const opinions = {
  embeddings: unlabelled.dataSync<'float32'>(),
  probabilities: probabilities.others.dataSync<'float32'>(),
  samples: SAMPLES,
};

interface Case {
  readonly name: string;
  readonly loss: (x: Tensor2D) => Scalar;
  readonly of: Tensor2D;
  readonly value: number;
  /** By the first element of `of`. */
  readonly gradient?: number;
  /** False where the gradient is no slope on purpose (constants, reversal), or the loss bends within a step of the test. */
  readonly slope?: false;
}

const cases: Case[] = [
  {
    name: 'Deep CORAL',
    loss: (x) => deepCoralLoss(labelled, x),
    of: unlabelled,
    value: 0.0701551425,
    gradient: 0.0172921794,
  },
  {
    name: 'CORAL of means and covariances',
    loss: (x) => coralLoss(labelled, x),
    of: unlabelled,
    value: 0.4852127255,
    gradient: 0.1010698224,
  },
  {
    name: 'MK-MMD, unbiased',
    slope: false,
    loss: (x) => meanDiscrepancy(labelled, x),
    of: unlabelled,
    value: -0.1223227557,
    gradient: 0.0249188714,
  },
  {
    name: 'MK-MMD, biased',
    slope: false,
    loss: (x) => meanDiscrepancy(labelled, x, { estimator: 'biased' }),
    of: unlabelled,
    value: 0.8052484933,
  },
  {
    name: 'MK-MMD in linear time',
    slope: false,
    loss: (x) => meanDiscrepancy(labelled, x, { estimator: 'linear' }),
    of: unlabelled,
    value: -1.7024871985,
  },
  {
    name: 'MMD of seven Gaussians',
    slope: false,
    loss: (x) => gaussianMeanDiscrepancy(labelled, x),
    of: unlabelled,
    value: 1.4415186552,
  },
  {
    name: 'DANN',
    loss: (x) => domainLoss(judge(labelled), judge(x)),
    of: unlabelled,
    value: 0.7997568495,
    gradient: 0.0176811715,
  },
  {
    name: 'DANN, reversed by half',
    slope: false,
    loss: (x) => domainLoss(judge(labelled), judge(reverseGradient(x, 0.5))),
    of: unlabelled,
    value: 0.7997568495,
    gradient: -0.5 * 0.0176811715,
  },
  { name: 'CDAN', loss: (x) => conditional(x), of: unlabelled, value: 0.7614195477 },
  {
    name: 'CDAN+E over both',
    loss: (x) => conditional(x, 'both'),
    of: unlabelled,
    value: 0.7549479781,
    gradient: 0.0118369607,
  },
  { name: 'CDAN+E over each', loss: (x) => conditional(x, 'each'), of: unlabelled, value: 0.7563800189 },
  {
    name: 'MCC',
    slope: false,
    loss: (x) => classConfusionLoss(x),
    of: unlabelledLogits,
    value: 0.5910149724,
    gradient: -0.000844629,
  },
  {
    name: 'MCC at temperature 1',
    slope: false,
    loss: (x) => classConfusionLoss(x, 1),
    of: unlabelledLogits,
    value: 0.4394788725,
    gradient: 0.0129184108,
  },
  {
    name: 'MDD at gamma 4 by the adversary of unlabelled samples',
    loss: (x) =>
      marginDisparity(
        { outputs: labelledLogits, adversary: labelledAdversary },
        { outputs: unlabelledLogits, adversary: x },
        4,
      ),
    of: unlabelledAdversary,
    value: -4.4507905708,
    gradient: 0.0139516452,
  },
  {
    name: 'MDD at gamma 4 by the adversary of labelled samples',
    loss: (x) =>
      marginDisparity(
        { outputs: labelledLogits, adversary: x },
        { outputs: unlabelledLogits, adversary: unlabelledAdversary },
        4,
      ),
    of: labelledAdversary,
    value: -4.4507905708,
    gradient: 0.4859202627,
  },
  { name: 'entropy', loss: entropyLoss, of: unlabelledLogits, value: 0.6878850722, gradient: 0.010538201 },
  {
    name: 'SHOT-IM',
    loss: informationMaximisationLoss,
    of: unlabelledLogits,
    value: -0.3884162006,
    gradient: 0.0095213267,
  },
  {
    name: 'SHOT',
    loss: (x) => {
      const labels = centroidLabels(opinions);
      const classes = tensor2d(
        Array.from(labels, (label) => Array.from({ length: CLASSES }, (_, k) => (k === label ? 1 : 0))),
      );
      return add(informationMaximisationLoss(x), mul(softCrossEntropy(x, classes), 0.3));
    },
    of: unlabelledLogits,
    value: -0.2401886925,
  },
  {
    name: 'NRC',
    loss: (x) =>
      neighbourLoss(
        x,
        tensor2d(neighbourOpinions(opinions, { neighbours: 2, furtherNeighbours: 2 }), [SAMPLES, CLASSES]),
      ),
    of: unlabelledLogits,
    value: -1.9249478091,
    gradient: 0.0025438092,
  },
  { name: 'BNM', loss: nuclearNormLoss, of: unlabelledLogits, value: -0.4746522944 },
  {
    name: 'FixMatch',
    loss: (x) => fixMatchLoss(unlabelledLogits, x),
    of: unlabelledAdversary,
    value: 0.4727576596,
  },
  {
    name: 'AdaBN',
    loss: (x) => standardised(x).slice([0, 0], [1, 1]).asScalar(),
    of: unlabelled,
    value: 1.3808851924,
  },
];

describe('adaptation losses', () => {
  it.each(cases)('$name', ({ loss, of, value, gradient }) => {
    const found = loss(of).dataSync()[0]!;
    expect(Math.abs(found - value) / Math.max(1, Math.abs(value))).toBeLessThan(1e-5);
    const by = grad((x: Tensor) => loss(x as Tensor2D))(of);
    expect(by.shape).toEqual(of.shape);
    if (gradient !== undefined) expect(Math.abs(by.dataSync()[0]! - gradient)).toBeLessThan(1e-6);
  });

  /** The slope along a direction by the values at both sides, to hold the gradient against; float32 leaves it three digits. */
  it.each(cases.filter(({ slope }) => slope !== false))('$name: the gradient is the slope', ({ loss, of }) => {
    const along = tensor2d(
      Float32Array.from({ length: of.size }, (_, i) => Math.cos(3 * i) / 4),
      of.shape,
    );
    const by = grad((x: Tensor) => loss(x as Tensor2D))(of);
    const slope = sum(mul(by, along)).dataSync()[0]!;
    const step = 1e-2;
    const at = (sign: number) => loss(add(of, mul(along, sign * step))).dataSync()[0]!;
    expect(slope).toBeCloseTo((at(1) - at(-1)) / (2 * step), 3);
  });

  it('reverses by a schedule', () => {
    expect(reversalScale(scalar(0.1)).dataSync()[0]).toBeCloseTo(0.4621171573, 6);
    expect(reversalScale(scalar(0.5)).dataSync()[0]).toBeCloseTo(0.9866142982, 6);
    expect(reversalScale(scalar(0)).dataSync()[0]).toBe(0);
  });

  it('labels by centroids what the head says otherwise', () => {
    expect([...centroidLabels(opinions)]).toEqual([2, 1, 0, 2, 1, 0]);
    expect([...argMax(unlabelledLogits, 1).dataSync()]).toEqual([2, 1, 0, 2, 1, 1]);
  });

  it('gives no class to a centroid that no sample was nearest to', () => {
    // The two samples are one: both centroids lie on them, and the first takes them.
    const labels = centroidLabels({
      embeddings: Float32Array.of(1, 2, 1, 2),
      probabilities: Float32Array.of(0.9, 0.1, 0.8, 0.2),
      samples: 2,
    });
    expect([...labels]).toEqual([0, 0]);
  });

  it('has a value for one sample of each domain, for batches of different sizes and for equal batches', () => {
    const one = labelled.slice([0, 0], [1, WIDTH]);
    for (const distance of [deepCoralLoss, coralLoss, meanDiscrepancy, gaussianMeanDiscrepancy]) {
      expect(Number.isFinite(distance(one, unlabelled).dataSync()[0]!)).toBe(true);
      expect(Number.isFinite(distance(one, one).dataSync()[0]!)).toBe(true);
    }
    expect(deepCoralLoss(labelled, labelled).dataSync()[0]).toBe(0);
    expect(() => meanDiscrepancy(one, unlabelled, { estimator: 'linear' })).toThrow('1 and 6 rows');
  });

  it('is the nuclear norm for wide and for singular matrices', () => {
    // Two equal rows p: one singular value, |p| √2.
    const rows = tensor2d([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    const p = softmax(tensor1d([1, 2, 3])).dataSync();
    expect(nuclearNormLoss(rows).dataSync()[0]).toBeCloseTo(-(Math.hypot(...p) * Math.SQRT2) / 2, 5);
    // Rows that are sure of one class each: the identity's norm is n.
    const sure = mul<Tensor2D>(
      tensor2d([
        [1, 0, 0],
        [0, 1, 0],
      ]),
      100,
    );
    expect(nuclearNormLoss(sure).dataSync()[0]).toBeCloseTo(-1, 5);
  });
});
