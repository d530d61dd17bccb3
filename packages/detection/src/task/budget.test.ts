import { settleLength } from '@headstart/core/options';
import { expect, it } from 'vitest';
import { detectionBudget } from './budget.ts';

it('comes to a thousand steps of four pictures, within 5 to 40 epochs', () => {
  // 200 pictures are 50 batches of 4; 30 are 8, 10,000 are 2500.
  const epochs = (samples: number) => settleLength({}, detectionBudget('fine-tune')!, samples, '').epochs;
  expect([200, 199, 30, 1, 10_000].map(epochs)).toEqual([20, 20, 40, 40, 5]);
  expect(detectionBudget('lp-ft')?.batchSize).toBe(4);
  expect(['linear-probe', 'tune-head', 'from-scratch', 'lora:8'].map(detectionBudget)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
