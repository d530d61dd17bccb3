import { z } from 'zod';
import { sharedEpochs } from '../../adaptation/shared-epochs.ts';
import { pseudoLabelTerm } from '../../adaptation/terms.ts';
import { BOTTLENECK, bottleneckOf, type WantedBottleneck } from '../../network/bottleneck.ts';
import { HEAD, type StageInfo } from '../../network/head.ts';
import type { LossTerm } from '../../network/loss-term.ts';
import { parseNamedOptions } from '../../options/named-options.ts';
import type { UsualTraining } from '../../options/training-length.ts';
import type { Backbone, TuningAdvice } from '../../network/backbone.ts';
import { combinedNames } from '../../options/combined-names.ts';
import { adamw, USUAL_RATES, WARM_UP_AND_COSINE } from '../defaults.ts';
import type { Budget, Phase, Strategy } from '../strategy.ts';
import { lastStages } from './last-stages.ts';
import { COMBINABLE, termOf } from './combinable.ts';
import { agreeingClasses, tooFewEpochs } from './pseudo-classes.ts';

/** As in the authors' code of CDAN, MCC and SHOT, and in TLlib. */
const ADAPTATION_BOTTLENECK: WantedBottleneck = { width: 256, dropout: 0.5 };

/** Both domains' features are cached: a step of 64 samples of each costs milliseconds. */
export const ADAPTATION: UsualTraining = { epochs: 30, batchSize: 64, steps: 800 };

/** Rate of the bottleneck, the head and the layers of loss terms. */
export const RATE = 1e-3;

/** What all strategies of adaptation take as options. */
export const adaptationOptions = {
  /** Terms beside the strategy's own, with `+` between them. */
  with: combinedNames(Object.keys(COMBINABLE)),
  /** How many of the backbone's last stages with weights train as well. */
  unfreeze: z
    .string()
    .regex(/^(?:all|\d{1,4})$/, { error: 'unfreeze takes a whole number from 0, or all' })
    .transform((count) => (count === 'all' ? count : Number(count)))
    .default(0),
  /** How many of the backbone's maps before its last feature join it in the bottleneck, averaged over their cells. */
  earlier: z.coerce.number().int().min(0).optional(),
  /** Rounds of pseudo-labels on which the model and centroids agree, over the second half of the epochs. */
  rounds: z.coerce.number().int().min(0).optional(),
} as const;

/** `yes` or `no`. */
export const yesOrNo = z.enum(['yes', 'no']).transform((answer) => answer === 'yes');

/** The options of all, parsed. */
export interface AdaptationOptions {
  readonly with: readonly string[];
  readonly unfreeze: number | 'all';
  readonly rounds?: number;
  readonly earlier?: number;
}

/** What tells one strategy of adaptation from another. */
export interface AdaptationRecipe<Options extends AdaptationOptions> {
  readonly id: string;
  readonly description: string;
  /** A whole name with options, for hints. */
  readonly example: string;
  readonly options: z.ZodType<Options>;
  /** Its usual length, where it is not that of all. */
  readonly defaults?: UsualTraining;
  /** Its usual rate where earlier maps join the last feature, if it is not that of all. */
  readonly joinedRate?: number;
  /** Rounds of pseudo-labels where none are asked for; fewer in fewer epochs, none where absent. */
  readonly rounds?: number;
  /** Maps that join the last feature where none are asked for, of networks that have as many; none where absent. */
  readonly earlier?: number;
  /** The term of its own, or several. */
  terms(options: Options): readonly LossTerm[];
  /**
   * Its phases, where they are not one in which these terms stand beside the task's loss.
   * @param name with the options that were given
   * @throws HeadstartError `invalid-option` for fewer epochs than it takes
   */
  phases?(options: Options, phase: (part: AdaptationPart) => Phase, epochs: number, name: string): readonly Phase[];
}

/** What a phase of adaptation has of its own. */
export type AdaptationPart = Pick<Phase, 'name' | 'epochs' | 'losses' | 'derived'>;

/**
 * A strategy that adapts to unlabelled samples: the backbone is frozen and both domains' features are cached, unless `unfreeze` says
 * otherwise; a bottleneck and the head learn the task from labelled samples, and from unlabelled ones what the terms say.
 */
export function adaptation<Options extends AdaptationOptions>(recipe: AdaptationRecipe<Options>): Strategy {
  const { id, options: schema, example, defaults = ADAPTATION } = recipe;
  const withText = (name: string, options: Options): Strategy => ({
    id: name,
    description: recipe.description,
    start: 'source',
    defaults,
    bottleneck: {
      ...ADAPTATION_BOTTLENECK,
      earlier: options.earlier ?? recipe.earlier ?? 0,
      refusesFewer: options.earlier !== undefined,
    },
    plan: (stages, budget, tuning, backbone) => planned(name, recipe, options, { stages, budget, tuning, backbone }),
    withOptions: (text) => {
      const parsed = parseNamedOptions({ kind: 'strategy', id, example }, text, schema);
      return withText(`${id}:${text}`, parsed);
    },
  });
  return withText(id, schema.parse({}));
}

/** What phases are planned for. */
interface PlannedOn {
  readonly stages: readonly StageInfo[];
  readonly budget: Budget;
  readonly tuning?: TuningAdvice;
  readonly backbone?: Pick<Backbone, 'stages'>;
}

function planned<Options extends AdaptationOptions>(
  strategy: string,
  recipe: AdaptationRecipe<Options>,
  options: Options,
  { stages, budget, tuning = USUAL_RATES, backbone }: PlannedOn,
): readonly Phase[] {
  const joined = (backbone && bottleneckOf(backbone)?.plan.joined) ?? [];
  const rate = joined.length > 0 ? (recipe.joinedRate ?? RATE) : RATE;
  const phase = (part: AdaptationPart): Phase => ({
    ...part,
    trainable: trainableOf(stages, options, tuning),
    optimiser: adamw(rate, budget, 0),
    schedule: WARM_UP_AND_COSINE,
    batchStatistics: [BOTTLENECK],
  });
  const own = recipe.terms(options);
  const beside = options.with.filter((name) => own.every((term) => term.name !== name)).map(termOf);
  const { epochs } = budget;
  if (recipe.phases) {
    const withTerms = (part: AdaptationPart) => phase({ ...part, losses: [...(part.losses ?? []), ...beside] });
    return recipe.phases(options, withTerms, epochs, strategy);
  }
  const losses = [...own, ...beside];
  const rounds = options.rounds ?? Math.min(recipe.rounds ?? 0, epochs - 1);
  if (rounds >= epochs) throw tooFewEpochs(strategy, rounds, epochs);
  if (rounds === 0) return [phase({ name: 'adapt', epochs, losses })];
  const derived = { ...agreeingClasses, epochs: roundStarts(rounds, epochs) };
  return [phase({ name: 'adapt', epochs, losses: [...losses, pseudoLabelTerm()], derived })];
}

/** The epochs, from 0, with which rounds begin that share the second half of all. */
function roundStarts(rounds: number, epochs: number): number[] {
  const first = Math.min(Math.ceil(epochs / 2), epochs - rounds);
  const parts = sharedEpochs(epochs - first, rounds);
  return parts.map((_, round) => parts.slice(0, round).reduce((start, part) => start + part, first));
}

function trainableOf(
  stages: readonly StageInfo[],
  { unfreeze }: AdaptationOptions,
  { learningRate, headLearningRate }: TuningAdvice,
): Record<string, number> {
  const bottleneck = stages.filter(({ name }) => name === BOTTLENECK);
  const rates = [
    ...lastStages(stages, unfreeze).map((name) => [name, learningRate / headLearningRate] as const),
    ...bottleneck.map(({ name }) => [name, 1] as const),
  ];
  return { ...Object.fromEntries(rates), [HEAD]: 1 };
}
