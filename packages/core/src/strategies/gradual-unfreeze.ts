import { adamw, discriminativeRates, probeEpochs, probePhase, tuningPhase, USUAL_RATES, WHOLE } from './defaults.ts';
import type { Phase, Strategy } from './strategy.ts';
import type { StageInfo } from '../network/head.ts';

const STEPS = 3;

/**
 * Unfreezes the backbone from the top, a group of stages per phase, with rates that fall towards
 * the input (Howard and Ruder, 2018, "Universal language model fine-tuning").
 */
export const gradualUnfreeze: Strategy = {
  id: 'gradual-unfreeze',
  description: 'Unfreeze from the last stages to the first, lower stages at lower rates',
  start: 'source',
  defaults: { ...WHOLE, epochs: 6 },
  plan(stages, budget, tuning = USUAL_RATES) {
    const phases: Phase[] = [probePhase({ weightDecay: budget.weightDecay }, probeEpochs(budget), tuning)];
    const rates = discriminativeRates(stages, 1, 0.8);
    const steps = Math.min(STEPS, stages.length, budget.epochs);
    for (let step = 1; step <= steps; step++) {
      const unfrozen = step === steps ? stages : topShare(stages, step / steps);
      phases.push(
        tuningPhase({
          name: `unfreeze ${step}/${steps}`,
          epochs: Math.floor((budget.epochs * step) / steps) - Math.floor((budget.epochs * (step - 1)) / steps),
          stages: Object.fromEntries(unfrozen.map(({ name }) => [name, rates[name]!])),
          optimiser: adamw(tuning.learningRate, budget, 0.05),
          labelSmoothing: tuning.labelSmoothing,
        }),
      );
    }
    return phases;
  },
};

/** The last stages that make up a share of the stages that have parameters. */
function topShare(stages: readonly StageInfo[], share: number): readonly StageInfo[] {
  const weighted = stages.filter(({ parameters }) => parameters > 0);
  const first = weighted[weighted.length - Math.max(1, Math.round(weighted.length * share))]!;
  return stages.slice(stages.indexOf(first));
}
