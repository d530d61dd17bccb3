import { z } from 'zod';
import { HEAD, HeadstartError, lossTerm, type LossTerm, type Phase, type Strategy } from '@headstart/core';
import { sharedEpochs } from '@headstart/core/adaptation';
import type { Backbone, FeatureInfo, Tensors } from '@headstart/core/network';
import { combinedNames, parseNamedOptions } from '@headstart/core/options';
import { mul, type Scalar } from '@tensorflow/tfjs-core';
import { cellsOf } from '../heads/cells.ts';
import { WHOLE_NETWORK } from '../task/budget.ts';
import { levelAdversaryTerm, levelCoralTerm, levelStatisticsTerm } from './level-terms.ts';
import { pseudoBoxes } from './pseudo-boxes.ts';

type Plan = Strategy['plan'];
type Levels = readonly Pick<FeatureInfo, 'name'>[];

/** The task's loss of a batch, as the task has it. */
export type DetectorLoss = (outputs: Tensors, targets: Tensors) => Scalar;

/** What tells one strategy from another. */
interface Recipe<Options> {
  readonly id: string;
  readonly description: string;
  readonly example: string;
  readonly options: z.ZodType<Options>;
  /** The policy where none is asked for; the task's own where absent. */
  readonly augmentation?: string;
  /** Checks the network, where not any will do. @throws HeadstartError `not-supported` */
  check?(backbone: Backbone): void;
  phases(options: Options, epochs: number, levels: Levels): readonly Part[];
}

type Part = Pick<Phase, 'name' | 'epochs' | 'losses' | 'derived' | 'batchStatistics'>;

/** Rates of the network and of the head on it, those that suit convolutional networks, where the source advises none. */
const RATES = { learningRate: 3e-4, headLearningRate: 3e-3 };
const WEIGHT_DECAY = 0.05;

const weight = z.coerce.number().positive().default(1);

/** The terms of feature maps that stand beside others, by name. */
const LEVEL_TERMS: Readonly<Record<string, (options: { levels: Levels; weight: number }) => LossTerm>> = {
  dann: levelAdversaryTerm,
  coral: levelCoralTerm,
};

/**
 * How detectors adapt to unlabelled pictures: the whole network trains, as by `fine-tune`.
 * @param loss of the task
 */
export function detectorAdaptation(loss: DetectorLoss): readonly Strategy[] {
  return [selfTraining(loss), ...ALIGNING];
}

/** Rounds where none are asked for; fewer in fewer epochs. */
const ROUNDS = 3;

/** Self-training by pseudo-labels (Sohn et al., 2020, arXiv 2005.04757) in rounds: each learns from what the one before has found. */
function selfTraining(loss: DetectorLoss): Strategy {
  return recipe({
    id: 'self-training',
    description: 'Adapt to unlabelled pictures: learn in rounds the boxes that the model is sure of',
    example: 'self-training:threshold=0.6,rounds=3',
    options: z
      .strictObject({
        threshold: z.coerce.number().gt(0).lt(1).default(0.5),
        doubt: z.coerce.number().gt(0).lt(1).default(0.2),
        rounds: z.coerce.number().int().min(1).optional(),
        weight,
        with: combinedNames(Object.keys(LEVEL_TERMS)),
      })
      .refine(({ threshold, doubt }) => doubt <= threshold, { error: 'doubt is not to be above threshold' }),
    // Of a picture as it was found in, its boxes teach what is known.
    augmentation: 'standard',
    phases({ threshold, doubt, rounds, weight: share, with: names }, epochs, levels) {
      if (epochs < 2) throw tooShort();
      const first = Math.ceil(epochs / 2);
      const room = epochs - first;
      const count = rounds ?? Math.min(ROUNDS, room);
      if (count > room) throw tooManyRounds(count, room, epochs);
      const beside = names.map((name) => LEVEL_TERMS[name]!({ levels, weight: 1 }));
      const derived = pseudoBoxes({ threshold, doubt });
      const losses = [pseudoBoxTerm(loss, share), ...beside];
      return [
        { name: 'labelled', epochs: first, losses: beside, batchStatistics: false },
        ...sharedEpochs(room, count).map((part, i) => ({
          name: `round ${i + 1}/${count}`,
          epochs: part,
          losses,
          derived,
          batchStatistics: false,
        })),
      ];
    },
  });
}

/** The task's loss of unlabelled pictures, with what `pseudoBoxes` made of them as truth. */
function pseudoBoxTerm(loss: DetectorLoss, share: number): LossTerm {
  return lossTerm({
    name: 'self-training',
    needs: { outputs: true, unlabelled: true },
    value: ({ unlabelled: { outputs, derived } }) => mul(loss(outputs, derived), share),
  });
}

const ALIGNING: readonly Strategy[] = [
  recipe({
    id: 'adabn',
    description: 'Adapt to unlabelled pictures: normalise by the statistics of their domain',
    example: 'adabn',
    options: z.strictObject({}),
    check: checkStatistics,
    phases: (_options, epochs, levels) => [
      { name: 'adapt', epochs, losses: [levelStatisticsTerm({ levels })], batchStatistics: true },
    ],
  }),
  recipe({
    id: 'coral',
    description: 'Adapt to unlabelled pictures: align means and covariances of the cells of feature maps',
    example: 'coral:weight=1',
    options: z.strictObject({ weight }),
    phases: (options, epochs, levels) => [
      { name: 'adapt', epochs, losses: [levelCoralTerm({ levels, ...options })], batchStatistics: false },
    ],
  }),
  recipe({
    id: 'dann',
    description: 'Adapt to unlabelled pictures: feature maps whose cells a discriminator cannot tell apart',
    example: 'dann:weight=1',
    options: z.strictObject({ weight }),
    phases: (options, epochs, levels) => [
      { name: 'adapt', epochs, losses: [levelAdversaryTerm({ levels, ...options })], batchStatistics: false },
    ],
  }),
];

function recipe<Options>(made: Recipe<Options>): Strategy {
  const { id, description, example, options: schema, augmentation } = made;
  const withText = (name: string, options: Options): Strategy => ({
    id: name,
    description,
    start: 'source',
    defaults: WHOLE_NETWORK,
    augmentation,
    plan: (...given) => planned(made, options, given),
    withOptions: (text) =>
      withText(`${id}:${text}`, parseNamedOptions({ kind: 'strategy', id, example }, text, schema)),
  });
  return withText(id, schema.parse({}));
}

function planned<Options>(
  made: Recipe<Options>,
  options: Options,
  [stages, budget, tuning = RATES, backbone]: Parameters<Plan>,
): readonly Phase[] {
  const { learningRate, headLearningRate } = tuning;
  if (backbone) made.check?.(backbone);
  const levels = backbone ? cellsOf(backbone).levels.map(({ feature }) => feature) : [];
  const rates = stages.map(({ name }) => [name, learningRate / headLearningRate] as const);
  return made.phases(options, budget.epochs, levels).map((part) => ({
    ...part,
    trainable: { ...Object.fromEntries(rates), [HEAD]: 1 },
    optimiser: {
      kind: 'adamw',
      learningRate: budget.learningRate ?? headLearningRate,
      weightDecay: budget.weightDecay ?? WEIGHT_DECAY,
      clipNorm: 1,
    },
    schedule: { warmup: 0.1, decay: 'cosine' },
  }));
}

/** Statistics can be those of another domain where there are some: of many detectors they are a part of the weights. */
function checkStatistics({ architecture, stages }: Backbone): void {
  if (stages.some(({ variables }) => variables.some(({ role }) => role === 'statistic'))) return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The strategy "adabn" has no statistics to keep in ${architecture}: its batch norm, if it had any, is folded into its convolutions.`,
    hint: 'Choose another --strategy, such as self-training, or a source that has them: --source efficientnet-lite0-fpn.',
  });
}

function tooManyRounds(rounds: number, room: number, epochs: number): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The strategy "self-training" has ${rounds} rounds of an epoch at least in the second half of its epochs, and of ${epochs} that leaves ${room}.`,
    hint: `Give --epochs ${2 * rounds} or more, or rounds=${room} or fewer.`,
  });
}

function tooShort(): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: 'Self-training in one epoch finds nothing to learn from: the first is of labelled pictures alone.',
    hint: 'Give --epochs 2 or more, or leave it out.',
  });
}
