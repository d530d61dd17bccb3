import type { SchedulePlan } from '../strategies/strategy.ts';

/**
 * The share of the peak rate at a step: linear warm-up, then constant or a half cosine to zero
 * (Loshchilov and Hutter, 2017, "SGDR").
 *
 * @param step from 0, below `steps`
 */
export function rateAt(schedule: SchedulePlan, step: number, steps: number): number {
  const warmup = Math.floor(schedule.warmup * steps);
  if (step < warmup) return (step + 1) / (warmup + 1);
  if (schedule.decay === 'constant') return 1;
  return 0.5 * (1 + Math.cos((Math.PI * (step - warmup)) / Math.max(1, steps - warmup)));
}
