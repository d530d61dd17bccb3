import { HeadstartError } from '../errors/headstart-error.ts';
import { adamw, evenRates, tuningPhase, USUAL_RATES } from './defaults.ts';
import type { AdapterPlan, Strategy } from './strategy.ts';

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
    defaults: { epochs: 5, batchSize: 16 },
    plan(stages, budget, tuning = USUAL_RATES) {
      const share = Math.min(1, (RATE * tuning.learningRate) / tuning.headLearningRate);
      const phase = tuningPhase({
        name: 'lora',
        epochs: budget.epochs,
        stages: evenRates(stages, share),
        optimiser: adamw(tuning.headLearningRate, budget, 0),
      });
      return [{ ...phase, adapters: { ...plan, targets: plan.targets ?? tuning.adapted } }];
    },
    withOptions: (options) => loraWith(`lora:${options}`, parseOptions(options)),
  };
}

/** @throws HeadstartError `invalid-option` */
function parseOptions(text: string): AdapterPlan {
  const entries = (/^\d+$/.test(text) ? `rank=${text}` : text).split(',').map((entry) => entry.split('=', 2) as [string, string?]);
  const { rank, alpha, targets, ...unknown } = Object.fromEntries(entries) as Record<string, string | undefined>;
  const rankNumber = rank === undefined ? DEFAULTS.rank : Number(rank);
  const alphaNumber = alpha === undefined ? 2 * rankNumber : Number(alpha);
  const names = targets?.split('+');
  const fault =
    Object.keys(unknown)[0] !== undefined ? `"${Object.keys(unknown)[0]}" is none of rank, alpha and targets`
    : !(Number.isInteger(rankNumber) && rankNumber > 0) ? `the rank "${rank}" is no whole number above zero`
    : !(alphaNumber > 0 && Number.isFinite(alphaNumber)) ? `alpha "${alpha}" is no number above zero`
    : names?.includes('') ? 'a target is empty'
    : undefined;
  if (fault === undefined) return { rank: rankNumber, alpha: alphaNumber, targets: names };
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The strategy "lora:${text}" cannot be had: ${fault}.`,
    hint: 'Give lora, lora:16 for a rank, or lora:rank=8,alpha=16,targets=query+value.',
  });
}
