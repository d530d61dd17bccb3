import { describe, expect, it } from 'vitest';
import type { EpochInfo } from '@headstart/core';
import { scoredCells } from '../testing/scored-cells.ts';
import { pairedInterval } from '@headstart/core/statistics';
import { gainsOf, type GainCell } from './gains.ts';
import type { Gain, GainKind } from './gain.ts';
import { firstReached, reachedBetween } from './reached.ts';

const options = { metrics: { 'text-classification': { name: 'accuracy', better: 'higher' } }, alpha: 0.05 } as const;

const cellsAt = (
  strategy: string,
  shots: number,
  accuracies: readonly number[],
  more: Partial<GainCell> = {},
): GainCell[] =>
  scoredCells(strategy, accuracies, { shots }, more).map((cell) => ({ ...cell, samples: { train: 2 * shots } }));

const of = (gains: readonly Gain[], kind: GainKind) => gains.find((gain) => gain.kind === kind)!;

const epoch = (seconds: number, accuracy: number): EpochInfo => ({
  phase: 'train',
  epoch: 1,
  epochs: 3,
  loss: 1,
  learningRate: 1e-3,
  seconds,
  validation: { accuracy },
});

describe('the cost of a score', () => {
  it('is interpolated in the logarithm of the samples, where the curve first reaches it', () => {
    const curve = [
      [64, 0.9],
      [16, 0.8],
      [4, 0.6],
      [256, 0.7],
    ] as const;
    // Half-way in score between 4 and 16 samples is their geometric mean.
    expect(reachedBetween(curve, 0.7).value).toBeCloseTo(8, 12);
    expect(reachedBetween(curve, 0.8)).toEqual({ value: 16 });
    expect(reachedBetween(curve, 0.6)).toEqual({ value: 4, censored: 'least' });
    expect(reachedBetween(curve, 0.91)).toEqual({ value: 256, censored: 'beyond' });
  });

  it('is a whole epoch of training', () => {
    const curve = [
      [1, 0.5],
      [2, 0.7],
      [3, 0.65],
    ] as const;
    expect(firstReached(curve, 0.65)).toEqual({ value: 2 });
    expect(firstReached(curve, 0.71)).toEqual({ value: 3, censored: 'beyond' });
  });
});

describe('gains against training from scratch', () => {
  const scratch = [0.7, 0.72, 0.68, 0.71, 0.69];

  it('in samples: each seed’s samples for what its counterpart reaches with all of its own', () => {
    // A seed's curve is 0.1 above scratch at 16 samples and 0.1 below it at 4: it gets there with 8; of the last at 4 · 2^(2·shift).
    const shifts = [0, 0.05, -0.05, 0.02, -0.02];
    const gains = gainsOf(
      [
        ...cellsAt('from-scratch', 64, scratch),
        ...cellsAt(
          'linear-probe',
          2,
          scratch.map((score, i) => score - 0.1 - shifts[i]!),
        ),
        ...cellsAt(
          'linear-probe',
          8,
          scratch.map((score, i) => score + 0.1 - shifts[i]!),
        ),
        ...cellsAt(
          'linear-probe',
          64,
          scratch.map((score) => score + 0.2),
        ),
      ],
      options,
    );
    const samples = of(gains, 'samples');
    // Linear in log samples: 8 · 4^(shift / 0.2).
    const logs = shifts.map((shift) => Math.log(8) + (shift / 0.2) * Math.log(4));
    const [low, high] = pairedInterval(logs, 0.95).map(Math.exp);
    expect(samples).toMatchObject({
      a: 'linear-probe',
      b: 'from-scratch',
      on: 'minilm: amazon → imdb',
      seeds: 5,
      reached: 5,
    });
    expect(samples.ofA.value).toBeCloseTo(8, 10);
    expect(samples.ofA.interval![0]).toBeCloseTo(low!, 10);
    expect(samples.ofA.interval![1]).toBeCloseTo(high!, 10);
    expect(samples.ofB.value).toBeCloseTo(128, 10);
    expect(samples.gain.value).toBeCloseTo(16, 10);
    expect(samples.gain.interval![0]).toBeCloseTo(128 / high!, 10);
    expect(of(gains, 'score').gain.value).toBeCloseTo(0.2, 12);
    expect(of(gains, 'score').at.shots).toBe(64);
  });

  it('are bounds where the score is not reached, or reached from the start', () => {
    const bounds = (few: number, many: number) =>
      of(
        gainsOf(
          [
            ...cellsAt('from-scratch', 64, scratch),
            ...cellsAt(
              'linear-probe',
              8,
              scratch.map((score) => score + few),
            ),
            ...cellsAt(
              'linear-probe',
              64,
              scratch.map((score, i) => score + (i === 0 ? many : Math.abs(many))),
            ),
          ],
          options,
        ),
        'samples',
      );
    const never = bounds(-0.2, -0.1);
    expect(never).toMatchObject({
      reached: 4,
      ofA: { bound: 'more-than', interval: null },
      gain: { bound: 'at-most', interval: null },
    });
    const always = bounds(0.1, 0.2);
    expect(always).toMatchObject({ reached: 5, ofA: { bound: 'at-most' }, gain: { bound: 'more-than' } });
    expect(always.ofA.value).toBeCloseTo(16, 10);
    expect(always.gain.value).toBeCloseTo(8, 10);
  });

  it('in epochs, seconds, gap and score, with intervals from five seeds on', () => {
    const cells = (count: number) => [
      ...cellsAt('from-scratch', 8, scratch.slice(0, count), {
        training: { accuracy: 0.95 },
        history: [epoch(2, 0.5), epoch(2, 0.6), epoch(2, 0.65), epoch(2, 0.65)],
      }),
      ...cellsAt(
        'linear-probe',
        8,
        scratch.slice(0, count).map((score, i) => score + 0.1 + 0.01 * i),
        {
          training: { accuracy: 0.9 },
          history: [epoch(1, 0.7), epoch(1, 0.75)],
        },
      ),
    ];
    const gains = gainsOf(cells(5), options);
    expect(gains.map(({ kind }) => kind)).toEqual(['epochs', 'seconds', 'gap', 'score']);
    expect(of(gains, 'epochs').gain.value).toBeCloseTo(3, 12);
    expect(of(gains, 'seconds').gain.value).toBeCloseTo(6, 12);
    expect(of(gains, 'gap').ofB.value).toBeCloseTo(0.25, 12);
    // 0.05 of the training score and 0.12 of the test score, on average.
    expect(of(gains, 'gap').gain.value).toBeCloseTo(-0.17, 12);
    const differences = [0.1, 0.11, 0.12, 0.13, 0.14];
    of(gains, 'score').gain.interval!.forEach((end, i) =>
      expect(end).toBeCloseTo(pairedInterval(differences, 0.95)[i]!, 10),
    );
    expect(gainsOf(cells(4), options).map(({ gain }) => gain.interval)).toEqual([null, null, null, null]);
  });

  it('turn an error round', () => {
    const metrics = { 'text-classification': { name: 'accuracy', better: 'lower' } } as const;
    const gains = gainsOf(
      [
        ...cellsAt('from-scratch', 8, [0.5, 0.5], {
          training: { accuracy: 0.1 },
          history: [epoch(1, 0.6), epoch(1, 0.4)],
        }),
        ...cellsAt('linear-probe', 8, [0.3, 0.3], { training: { accuracy: 0.2 }, history: [epoch(1, 0.3)] }),
      ],
      { ...options, metrics },
    );
    expect(of(gains, 'epochs').gain.value).toBeCloseTo(2, 12);
    expect(of(gains, 'gap').gain.value).toBeCloseTo(-0.3, 12);
    expect(of(gains, 'score').gain.value).toBeCloseTo(-0.2, 12);
  });

  it('are none without cells in common', () => {
    expect(gainsOf(cellsAt('linear-probe', 8, scratch), options)).toEqual([]);
    expect(gainsOf([...cellsAt('linear-probe', 8, scratch), ...cellsAt('from-scratch', 16, scratch)], options)).toEqual(
      [],
    );
  });
});
