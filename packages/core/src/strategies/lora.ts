import { z } from 'zod';
import { parseNamedOptions } from '../options/named-options.ts';
import { adamw, evenRates, tuningPhase, USUAL_RATES, WHOLE } from './defaults.ts';
import type { AdapterPlan } from '../network/adapters.ts';
import type { Strategy } from './strategy.ts';

const DEFAULTS: AdapterPlan = { rank: 8, alpha: 16 };

/** Adapters start from nothing and are few: they take a higher rate than whole weights, which this is times. */
const RATE = 10;

/**
 * Low-rank adaptation (Hu et al., 2021, arXiv 2106.09685): for each of some weight matrices two thin factors are
 * trained, and the head. Options after a colon: `lora:8` for the rank, or `lora:rank=8,alpha=16,targets=query+value`.
 */
export const lora: Strategy = loraWith('lora', DEFAULTS);

function loraWith(id: string, plan: AdapterPlan): Strategy {
  return {
    id,
    description: 'Train thin factors beside some weight matrices, and the head; lora:16 for another rank than 8',
    start: 'source',
    defaults: WHOLE,
    plan(stages, budget, tuning = USUAL_RATES) {
      const rateMultiplier = Math.min(1, (RATE * tuning.learningRate) / tuning.headLearningRate);
      const phase = tuningPhase({
        name: 'lora',
        epochs: budget.epochs,
        stages: evenRates(stages, rateMultiplier),
        optimiser: adamw(tuning.headLearningRate, budget, 0),
      });
      return [{ ...phase, adapters: { ...plan, targets: plan.targets ?? tuning.adapted } }];
    },
    withOptions: (options) => loraWith(`lora:${options}`, parseOptions(options)),
  };
}

const OWNER = {
  kind: 'strategy',
  id: 'lora',
  example: 'lora:16 for a rank, or lora:rank=8,alpha=16,targets=query+value',
} as const;
const OPTIONS = z.strictObject({
  rank: z.coerce.number().int().positive().default(DEFAULTS.rank),
  alpha: z.coerce.number().positive().optional(),
  targets: z
    .string()
    .transform((names) => names.split('+'))
    .refine((names) => !names.includes(''), 'a target is empty')
    .optional(),
});

/** @throws HeadstartError `invalid-option` */
function parseOptions(text: string): AdapterPlan {
  const {
    rank,
    alpha = 2 * rank,
    targets,
  } = parseNamedOptions(OWNER, /^\d+$/.test(text) ? `rank=${text}` : text, OPTIONS);
  return { rank, alpha, targets };
}
