import { BOTTLENECK } from '../../network/bottleneck.ts';
import type { StageInfo } from '../../network/head.ts';

/** The names of the last stages of the source's network that have weights: so many, or all. */
export function lastStages(stages: readonly StageInfo[], count: number | 'all'): string[] {
  const named = stages.filter(({ name, parameters }) => name !== BOTTLENECK && parameters > 0).map(({ name }) => name);
  return count === 'all' ? named : named.slice(Math.max(0, named.length - count));
}
