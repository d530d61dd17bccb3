import {
  add,
  concat,
  div,
  expandDims,
  logSoftmax,
  matMul,
  maximum,
  mean,
  mul,
  reshape,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  transpose,
  zeros,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { weighedBySample } from '../data/sample-weights.ts';
import { weighedByClass, weighedByLabel, weightsOfLabels } from '../network/class-weights.ts';
import { columnsOf } from '../network/columns.ts';
import { lossTerm, type LossTerm } from '../network/loss-term.ts';
import { softCrossEntropies, softCrossEntropy } from '../network/soft-cross-entropy.ts';
import type { Stage } from '../network/stage.ts';
import type { StepRandom } from '../random/step-random.ts';
import { asConstant } from '../network/stop-gradient.ts';
import { LABEL } from './sample-targets.ts';
import type { KeepingOptions } from './task.ts';

/** What logits are divided by before the source's opinions are compared with the model's (Hinton et al., 2015). */
const TEMPERATURE = 2;
/** How sure the source is of its classes, where features are made up for them. */
const SURENESSES = [0.9, 0.99, 0.999];
/** Most features that are made up in a step, and most about one middle. */
const MOST_REHEARSED = 1024;
const MOST_DRAWS = 32;

/**
 * The loss of a classifier that learns new classes and keeps those of its source (class-incremental learning without
 * stored samples), for heads that are linear classifiers. The sum of three, each in nats and for a batch:
 *
 * - cross-entropy of the samples at hand;
 * - distillation: on these samples, the Kullback-Leibler divergence of the model's opinion among the retained classes from the
 *   source's, at temperature 2 (Li and Hoiem, 2016, "Learning without forgetting", arXiv 1606.09282);
 * - rehearsal: cross-entropy against the source's opinion on features made up for the retained classes, so that new classes
 *   do not take all there is (Zhu et al., 2021, "Prototype augmentation and self-supervision for incremental learning").
 *   They are drawn about middles of each class, in each dimension with the spread that the source's data had, which its head
 *   knows; the middles are the least feature vectors of which the source's own weights are so and so sure (Nayak et al.,
 *   2019, "Zero-shot knowledge distillation", arXiv 1905.08114).
 *
 * Cross-entropy and rehearsal are weighted by the numbers of classes that they teach. What samples count goes for cross-entropy
 * and distillation, what classes count for cross-entropy alone.
 */
export function keptClasses(
  retained: readonly number[],
  { labelSmoothing, classWeights, head, sourceHead }: KeepingOptions,
): LossTerm {
  const own = linearParts(head);
  const source = sourceHead && linearParts(sourceHead.stage);
  if (!own || !source || source.kernel.shape[1] !== sourceHead.labels?.length) throw notLinear();
  return lossTerm({
    name: 'kept classes',
    needs: { outputs: true, teacher: true },
    replacesTaskLoss: true,
    weighed: true,
    value({ labelled: { outputs, targets, teacher }, mode }) {
      const [logits, truth, said] = [outputs['logits']!, targets[LABEL]!, teacher['logits']!];
      const share = retained.length / logits.shape[1]!;
      const costs = weighedByClass(softCrossEntropies(logits, truth, labelSmoothing), truth, classWeights);
      const learned = mean(weighedBySample(costs, targets));
      const distances = divergences(columnsOf(logits, retained), columnsOf(said, retained));
      const distilled = mean<Scalar>(weighedBySample(distances, targets));
      const middles = asConstant(() => middlesOf(source, retained));
      const scatter = asConstant(() => scatterOf(middles.shape, mode.random!));
      const opinion = asConstant(() => padded(softmax(logitsAround(source, middles, scatter)), logits.shape[1]!));
      const rehearsed = softCrossEntropy(logitsAround(own, middles, scatter), opinion);
      return add<Scalar>(add(mul(learned, 1 - share), mul(rehearsed, share)), distilled);
    },
  });
}

/**
 * The loss of a model that learns new labels, each for itself, and keeps those of its source: mean binary cross-entropy,
 * of retained labels against the source's probabilities, of others against the data. What classes count goes for the others.
 * @param losses of each label of each sample
 */
export function keptLabels(
  retained: readonly number[],
  { labelSmoothing, classWeights }: KeepingOptions,
  losses: LabelLosses,
): LossTerm {
  return lossTerm({
    name: 'kept labels',
    needs: { outputs: true, teacher: true },
    replacesTaskLoss: true,
    weighed: true,
    value({ labelled: { outputs, targets, teacher } }) {
      const [logits, truth] = [outputs['logits']!, targets[LABEL]!];
      const labels = logits.shape[1]!;
      const others = Array.from({ length: labels }, (_, label) => label).filter((label) => !retained.includes(label));
      const kept = losses(columnsOf(logits, retained), sigmoid(columnsOf(teacher['logits']!, retained)), 0);
      if (others.length === 0) return mean<Scalar>(weighedBySample(mean(kept, -1), targets));
      const own = columnsOf(truth, others);
      const learned = losses(columnsOf(logits, others), own, labelSmoothing);
      const weighed = weighedByLabel(learned, own, weightsOfLabels(classWeights, others));
      return mean<Scalar>(weighedBySample(div(add(sum(kept, -1), sum(weighed, -1)), labels), targets));
    },
  });
}

/** Of logits and targets `[batch, labels]`, the same shape. */
type LabelLosses = (logits: Tensor, targets: Tensor, labelSmoothing: number) => Tensor;

/** `((x - mean) / deviation) · kernel + bias`: the parts of a `LinearHead`, by name. */
interface LinearParts {
  readonly mean: Tensor;
  readonly deviation: Tensor;
  /** `[width, classes]` */
  readonly kernel: Tensor2D;
  readonly bias: Tensor;
}

function linearParts({ variables }: Stage): LinearParts | undefined {
  const parts = Object.fromEntries(variables.map(({ name, value }) => [name, value as Tensor]));
  const { mean, deviation, kernel, bias } = parts;
  if (!mean || !deviation || !bias || kernel?.rank !== 2 || variables.length !== 4) return undefined;
  return { mean, deviation, kernel: kernel as Tensor2D, bias };
}

/** Of each sample T² times `Σ t log(t / s)`, with t the teacher's softmax at temperature T and s the model's: `[batch]`. */
function divergences(logits: Tensor, said: Tensor): Tensor1D {
  const [own, teacher] = [logSoftmax(div(logits, TEMPERATURE)), logSoftmax(div(said, TEMPERATURE))];
  const terms = sum(mul(softmax(div(said, TEMPERATURE)), sub(teacher, own)), -1);
  return mul<Tensor1D>(terms, TEMPERATURE ** 2);
}

/** Draws of mean 0 and standard deviation 1, `[draws, width]`: fewer of them about many middles. */
function scatterOf([middles, width]: readonly [number, number], random: StepRandom): Tensor2D {
  const draws = Math.max(1, Math.min(MOST_DRAWS, Math.floor(MOST_REHEARSED / middles)));
  return mul<Tensor2D>(sub(random.uniform([draws, width]), 0.5), Math.sqrt(12));
}

/** For each retained class and sureness the least vector, in standardised features, of which the source is that sure: `[…, width]`. */
function middlesOf({ kernel }: LinearParts, retained: readonly number[]): Tensor2D {
  const classes = kernel.shape[1];
  const centred = sub(kernel, mean(kernel, 1, true));
  const directions = transpose(columnsOf(centred, retained) as Tensor2D);
  const units = div<Tensor2D>(directions, maximum(sum(square(directions), 1, true), 1e-12));
  // The distance of a logit from the mean of all where the others are alike.
  const margins = SURENESSES.map((p) => (Math.log(((classes - 1) * p) / (1 - p)) * (classes - 1)) / classes);
  return concat(margins.map((margin) => mul<Tensor2D>(units, margin)));
}

/** Logits about every middle, `[middles x draws, classes]`. */
function logitsAround({ kernel, bias }: LinearParts, middles: Tensor2D, scatter: Tensor2D): Tensor2D {
  const logits = add(expandDims(matMul(middles, kernel), 1), expandDims(matMul(scatter, kernel), 0));
  return add<Tensor2D>(reshape(logits, [-1, kernel.shape[1]]), bias);
}

/** Probabilities of the source's classes, 0 for those after them. */
function padded(probabilities: Tensor2D, classes: number): Tensor2D {
  const [rows, known] = probabilities.shape;
  return known === classes ? probabilities : concat([probabilities, zeros([rows, classes - known])], 1);
}

function notLinear(): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: "The source's own head is no linear classifier of the features that the new one is put on.",
    hint: 'Keep the classes of a model that was trained for the same task (--source model:<folder>), or leave out --keep-classes.',
  });
}
