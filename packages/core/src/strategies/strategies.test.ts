import '@tensorflow/tfjs';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { contrastive } from './contrastive.ts';
import { discriminativeRates } from './defaults.ts';
import { fineTune } from './fine-tune.ts';
import { fromScratch } from './from-scratch.ts';
import { gradualUnfreeze } from './gradual-unfreeze.ts';
import { l2Sp } from './l2-sp.ts';
import { linearProbe } from './linear-probe.ts';
import { lora } from './lora.ts';
import { lpFt } from './lp-ft.ts';
import { HEAD } from '../network/head.ts';
import type { Phase } from './strategy.ts';

const stages = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, parameters: name === 'a' ? 0 : 100 }));
const all = stages.map(({ name }) => name);
const trained = ({ trainable }: Phase) => Object.keys(trainable).sort();

describe('strategies', () => {
  it.each([linearProbe, fineTune, gradualUnfreeze, lpFt, l2Sp, lora, contrastive, fromScratch])(
    '$id: trains the head in each phase that learns the task, in whole epochs',
    (strategy) => {
      const { start, id } = strategy;
      for (const epochs of [1, 2, 3, 7]) {
        const phases = strategy.plan(stages, { epochs });
        for (const phase of phases) {
          expect(phase.trainable[HEAD]).toBe(phase.losses?.some((term) => term.replacesTaskLoss) ? undefined : 1);
          expect(phase.epochs).toBeGreaterThanOrEqual(1);
          expect(Number.isInteger(phase.epochs)).toBe(true);
          expect(trained(phase).every((name) => name === HEAD || all.includes(name))).toBe(true);
        }
        const tuned = id === 'linear-probe' ? phases : phases.filter(({ name }) => name !== 'probe');
        expect(
          tuned.reduce((sum, phase) => sum + phase.epochs, 0),
          'the budget',
        ).toBe(epochs);
      }
      expect(start).toBe(id === 'from-scratch' ? 'random' : 'source');
    },
  );

  it('unfreezes from the top, a third of the stages with parameters at a time', () => {
    const [probe, ...steps] = gradualUnfreeze.plan(stages, { epochs: 6 });
    expect(trained(probe!)).toEqual([HEAD]);
    // Five stages have parameters: round(5/3) = 2, round(10/3) = 3, then all.
    expect(steps.map(trained)).toEqual([['e', 'f', HEAD].sort(), ['d', 'e', 'f', HEAD].sort(), [...all, HEAD].sort()]);
    expect(steps.map(({ epochs }) => epochs)).toEqual([2, 2, 2]);
    for (const [i, rate] of [1, 0.8, 0.64].entries())
      expect(steps[2]!.trainable[['f', 'e', 'd'][i]!]).toBeCloseTo(rate, 12);
    expect(gradualUnfreeze.plan(stages, { epochs: 2 }).slice(1).map(trained).at(-1)).toEqual([...all, HEAD].sort());
    expect(gradualUnfreeze.plan(stages.slice(5), { epochs: 6 })).toHaveLength(2);
  });

  it('takes the rate and the decay that the user gives, but not for a probe on the way', () => {
    const budget = { epochs: 2, learningRate: 0.5, weightDecay: 0.25 };
    for (const strategy of [linearProbe, fineTune, fromScratch]) {
      expect(strategy.plan(stages, budget)[0]!.optimiser).toMatchObject({ learningRate: 0.5, weightDecay: 0.25 });
    }
    const [probe, tuning] = lpFt.plan(stages, budget);
    expect(probe!.optimiser.learningRate).toBe(linearProbe.plan(stages, { epochs: 1 })[0]!.optimiser.learningRate);
    expect(tuning!.optimiser).toMatchObject({ learningRate: 0.5, weightDecay: 0.25 });
    // Decay towards zero would pull against the pull towards the source.
    expect(l2Sp.plan(stages, budget)[0]!.optimiser.weightDecay).toBe(0);
  });

  it('takes the rates that the backbone advises for what it trains of it', () => {
    const tuning = { learningRate: 5e-5, headLearningRate: 1e-3 };
    for (const strategy of [fineTune, l2Sp]) {
      const [phase] = strategy.plan(stages, { epochs: 2 }, tuning);
      expect(phase!.optimiser.learningRate).toBe(1e-3);
      for (const name of all) expect(phase!.trainable[name]).toBeCloseTo(0.05, 12);
    }
    for (const strategy of [lpFt, gradualUnfreeze]) {
      const [probe, ...tuned] = strategy.plan(stages, { epochs: 6 }, tuning);
      expect(probe!.optimiser.learningRate).toBe(linearProbe.plan(stages, { epochs: 1 })[0]!.optimiser.learningRate);
      for (const phase of tuned) expect(phase.optimiser.learningRate * phase.trainable['f']!).toBeCloseTo(5e-5, 12);
    }
  });

  it('keeps a probe small by the penalty that the backbone advises, unless a weight decay is asked for', () => {
    const tuning = { learningRate: 5e-5, headLearningRate: 1e-3, probePenalty: 0.5 };
    const [advised] = linearProbe.plan(stages, { epochs: 1 }, tuning);
    expect(advised!.optimiser.weightDecay).toBe(0);
    const kernel = { stage: HEAD, name: 'head/kernel', decay: true, value: tensor2d([1, -2], [1, 2]) };
    const bias = { stage: HEAD, name: 'head/bias', decay: false, value: tensor1d([9]) };
    // 0.5 / 2 (1 + 4)
    expect(advised!.losses![0]!.value({ weights: [kernel, bias] } as never).dataSync()[0]).toBeCloseTo(1.25, 6);
    const ofFive = { ...kernel, value: tensor2d([1, -2, 0, 0, 1], [1, 5]) };
    // 0.5 / 5 (1 + 4 + 1)
    expect(advised!.losses![0]!.value({ weights: [ofFive, bias] } as never).dataSync()[0]).toBeCloseTo(0.6, 6);
    const [asked] = linearProbe.plan(stages, { epochs: 1, weightDecay: 2 }, tuning);
    expect(asked).toMatchObject({ optimiser: { weightDecay: 2 }, losses: undefined });
  });

  it('smooths labels by what the backbone advises while it trains it, and not in a probe', () => {
    const advice = { learningRate: 1e-5, headLearningRate: 2e-3, labelSmoothing: 0.2 };
    for (const strategy of [fineTune, l2Sp, lpFt, gradualUnfreeze])
      for (const { name, labelSmoothing } of strategy.plan(stages, { epochs: 3 }, advice))
        expect(labelSmoothing).toBe(name === 'probe' ? undefined : 0.2);
    for (const strategy of [linearProbe, fromScratch])
      expect(strategy.plan(stages, { epochs: 3 }, advice)[0]!.labelSmoothing).toBeUndefined();
  });

  it('learns from pairs at the rate that the backbone advises, then fits the head on what it then gives', () => {
    const [contrast, probe, ...more] = contrastive.plan(
      stages,
      { epochs: 4 },
      { learningRate: 5e-5, headLearningRate: 1e-3, probePenalty: 0.5 },
    );
    expect(more).toEqual([]);
    expect(trained(contrast!)).toEqual(all);
    expect(contrast!.optimiser.learningRate).toBe(5e-5);
    expect(trained(probe!)).toEqual([HEAD]);
    expect(probe).toMatchObject({ fitHead: true, losses: [{ name: 'ridge' }] });
  });

  it('gives each lower stage a fixed part of its successor’s rate', () => {
    expect(discriminativeRates(stages.slice(3), 0.5, 0.5)).toEqual({ d: 0.125, e: 0.25, f: 0.5 });
  });
});
