import { expect, it } from 'vitest';
import { fineTune } from '../strategies/fine-tune.ts';
import { lossOptions } from './run.ts';
import type { Transfer } from './transfer.ts';

it('labels are smoothed by what is asked for, else by what the phase has where one class of several is learned', () => {
  const advice = { learningRate: 1e-3, headLearningRate: 1e-3, labelSmoothing: 0.1 };
  const [phase] = fineTune.plan([{ name: 'all', parameters: 1 }], { epochs: 1 }, advice);
  const smoothing = (weighsClasses?: 'one' | 'several', labelSmoothing?: number) =>
    lossOptions({ task: { weighsClasses } as Transfer['task'], labelSmoothing }, phase).labelSmoothing;
  expect(smoothing('one')).toBe(0.1);
  expect(smoothing('one', 0)).toBe(0);
  expect(smoothing('one', 0.3)).toBe(0.3);
  expect(smoothing('several')).toBe(0);
  expect(smoothing('several', 0.3)).toBe(0.3);
  expect(smoothing()).toBe(0);
  expect(lossOptions({ task: { weighsClasses: 'one' } as Transfer['task'] }).labelSmoothing).toBe(0);
});
