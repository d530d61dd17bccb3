import { z } from 'zod';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { TuningAdvice } from '../../network/backbone.ts';
import { BOTTLENECK } from '../../network/bottleneck.ts';
import type { StageInfo } from '../../network/head.ts';
import { parseNamedOptions } from '../../options/named-options.ts';
import type { UsualTraining } from '../../options/training-length.ts';
import { combinedNames } from '../../options/combined-names.ts';
import { USUAL_RATES } from '../defaults.ts';
import type { Budget, Phase, Strategy } from '../strategy.ts';
import { lastStages } from './last-stages.ts';

/** Terms of what a model says of unlabelled samples alone: what `with=` takes where nothing is labelled. */
export const withUnlabelled = combinedNames(['mcc', 'im', 'bnm', 'entropy']);

/** How many of the last stages that have weights adapt. */
export const unfreezing = z.union([z.literal('all'), z.coerce.number().int().min(1)]).optional();

/** What tells one source-free strategy from another. */
export interface SourceFreeRecipe<Options> {
  readonly id: string;
  readonly description: string;
  /** A whole name with options, for hints. */
  readonly example: string;
  readonly options: z.ZodType<Options>;
  readonly defaults: UsualTraining;
  /** @throws HeadstartError `not-supported` for a model of which nothing can adapt */
  plan(options: Options, stages: readonly StageInfo[], budget: Budget, tuning: TuningAdvice): readonly Phase[];
}

/** A strategy that adapts a trained model to unlabelled samples, without any that is labelled. */
export function sourceFree<Options>(recipe: SourceFreeRecipe<Options>): Strategy {
  const { id, description, options: schema, example, defaults } = recipe;
  const withText = (name: string, options: Options): Strategy => ({
    id: name,
    description,
    start: 'source',
    sourceFree: true,
    defaults,
    plan: (stages, budget, tuning = USUAL_RATES) => recipe.plan(options, stages, budget, tuning),
    withOptions: (text) => {
      const parsed = parseNamedOptions({ kind: 'strategy', id, example }, text, schema);
      return withText(`${id}:${text}`, parsed);
    },
  });
  return withText(id, schema.parse({}));
}

/**
 * What adapts of a trained model: its bottleneck where it has one, and as many of the last stages with weights below it as are asked
 * for; of a model without a bottleneck the last one at least.
 * @returns multiples of the rate by stage
 * @throws HeadstartError `not-supported` for a model whose head is all that has weights
 */
export function adaptingStages(
  stages: readonly StageInfo[],
  unfreeze: number | 'all' | undefined,
  { learningRate, headLearningRate }: TuningAdvice,
): Record<string, number> {
  const bottleneck = stages.filter(({ name }) => name === BOTTLENECK);
  const usual = bottleneck.length > 0 ? [] : lastStages(stages, 'all').slice(-1);
  const found = [
    ...(unfreeze === undefined ? usual : lastStages(stages, unfreeze)).map(
      (name) => [name, learningRate / headLearningRate] as const,
    ),
    ...bottleneck.map(({ name }) => [name, 1] as const),
  ];
  if (found.length > 0) return Object.fromEntries(found);
  throw new HeadstartError({
    code: 'not-supported',
    message: 'The model has no weights below its head, which is all that could adapt.',
    hint: 'Start from a model that was trained by a strategy with a bottleneck, such as adabn, or on a network that can be trained.',
  });
}
