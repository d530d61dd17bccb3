import { lossTerm, type LossTerm } from '../network/loss-term.ts';
import { add, mul, scalar, square, sum, type Scalar } from '@tensorflow/tfjs-core';
import { epochsOf, type UsualTraining } from '../options/training-length.ts';
import type { TuningAdvice } from '../network/backbone.ts';
import { HEAD, type StageInfo } from '../network/head.ts';
import type { Budget, OptimiserPlan, Phase, SchedulePlan } from './strategy.ts';

export const WARM_UP_AND_COSINE: SchedulePlan = { warmup: 0.1, decay: 'cosine' };

/** Rates for backbones that advise none; they suit convolutional networks. */
export const USUAL_RATES: TuningAdvice = { learningRate: 3e-4, headLearningRate: 3e-3 };

/** AdamW (Loshchilov and Hutter, 2019) with global-norm clipping. */
export function adamw(
  learningRate: number,
  budget: Pick<Budget, 'learningRate' | 'weightDecay'>,
  weightDecay: number,
): OptimiserPlan {
  return {
    kind: 'adamw',
    learningRate: budget.learningRate ?? learningRate,
    weightDecay: budget.weightDecay ?? weightDecay,
    clipNorm: 1,
  };
}

/** A head on cached features: steps cost milliseconds, and it takes so many of them until it is as good as it gets. */
export const PROBE: UsualTraining = { epochs: 30, batchSize: 64, steps: 300 };

/** Steps of the whole network that it takes until a new head and the stages below it go together. */
export const WHOLE: UsualTraining = { epochs: 5, batchSize: 16, steps: 100 };

/** Epochs of a head before or after other phases: they do not count as budget. */
export function probeEpochs({ stepsPerEpoch }: Budget): number {
  return stepsPerEpoch === undefined ? PROBE.epochs : Math.max(PROBE.epochs, epochsOf(PROBE.steps!, stepsPerEpoch));
}

/**
 * lambda/K · Σ w² over the kernels that train, `[features, K]`: the prior of a logistic regression, half of lambda for two
 * classes. The kernel of one class among K learns from its share of the loss, about 1/K, and the pull towards zero goes
 * with it: a fixed one holds the heads of many classes so small that they are neither sure of anything nor as often right.
 */
export function ridge(lambda: number): LossTerm {
  return lossTerm({
    name: 'ridge',
    needs: { weights: true },
    value: ({ weights }) =>
      weights.reduce<Scalar>(
        (total, { decay, value }) =>
          decay ? add(total, mul(sum(square(value)), lambda / value.shape.at(-1)!)) : total,
        scalar(0),
      ),
  });
}

/** The phase that trains the head alone on the frozen backbone's features. */
export function probePhase(
  budget: Pick<Budget, 'learningRate' | 'weightDecay'>,
  epochs: number,
  { probePenalty }: Partial<TuningAdvice> = {},
): Phase {
  const penalised = probePenalty !== undefined && budget.weightDecay === undefined;
  return {
    name: 'probe',
    epochs,
    trainable: { [HEAD]: 1 },
    // A penalty keeps the kernel small by itself, and a slow rate would leave it smaller than the penalty asks for.
    optimiser: penalised ? adamw(3e-3, budget, 0) : adamw(1e-3, budget, 1),
    schedule: WARM_UP_AND_COSINE,
    losses: penalised ? [ridge(probePenalty)] : undefined,
    batchStatistics: false,
    fitHead: true,
  };
}

/** A phase that trains the head and the given stages, each at its multiple of the rate. */
export function tuningPhase(options: {
  name: string;
  epochs: number;
  stages: Readonly<Record<string, number>>;
  optimiser: OptimiserPlan;
  losses?: Phase['losses'];
  batchStatistics?: boolean;
  labelSmoothing?: number;
}): Phase {
  const { stages, batchStatistics = false, ...others } = options;
  return { ...others, trainable: { ...stages, [HEAD]: 1 }, schedule: WARM_UP_AND_COSINE, batchStatistics };
}

/** Every stage at the same multiple of the head's rate. */
export function evenRates(stages: readonly StageInfo[], rateMultiplier: number): Record<string, number> {
  return Object.fromEntries(stages.map(({ name }) => [name, rateMultiplier]));
}

/**
 * Discriminative rates: the last stage at the head's rate times `rateMultiplier`, each stage before it at
 * `decay` times its successor's (Howard and Ruder, 2018, "Universal language model fine-tuning").
 */
export function discriminativeRates(
  stages: readonly StageInfo[],
  rateMultiplier: number,
  decay: number,
): Record<string, number> {
  return Object.fromEntries(stages.map(({ name }, i) => [name, rateMultiplier * decay ** (stages.length - 1 - i)]));
}

/** Every stage and the head at their own rates, from the first step on. */
export function wholePhase(
  stages: readonly StageInfo[],
  { learningRate, headLearningRate, labelSmoothing }: TuningAdvice,
  budget: Budget,
  weightDecay: number,
  losses?: Phase['losses'],
): Phase {
  return tuningPhase({
    name: 'fine-tune',
    epochs: budget.epochs,
    stages: evenRates(stages, learningRate / headLearningRate),
    optimiser: adamw(headLearningRate, budget, weightDecay),
    losses,
    labelSmoothing,
  });
}
