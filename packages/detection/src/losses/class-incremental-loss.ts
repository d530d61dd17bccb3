import {
  add,
  cast,
  div,
  greater,
  greaterEqual,
  logSoftmax,
  max,
  maximum,
  mul,
  sigmoid,
  softmax,
  sub,
  sum,
  tidy,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/core';
import { binaryCrossEntropy, columnsOf, type Tensors } from '@headstart/core/network';
import {
  generalizedFocalLoss,
  perSide,
  type DenseLossOptions,
  type DenseOutputs,
  type DenseTargets,
} from './detection-loss.ts';

/** Score from which the source is taken to see an object. */
const SEEN = 0.1;
const SIDES = 4;
/**
 * Weight of boxes. Divergences are small: with 1, boxes of the source's classes drift while the target's are learned.
 */
const BOXES = 10;

/** What the source, as the teacher, predicts for a batch, and the classes of it that the model is to retain beside new ones. */
export interface Distillation {
  /** What its own head gives; the model's labels begin with the source's. */
  readonly outputs: Tensors;
  /** The labels, ascending, of which the training data show nothing: learned from the source alone. */
  readonly retainedClasses: readonly number[];
}

/**
 * The loss of a detector that learns new classes and keeps those of its source (class-incremental detection): of the
 * classes that the target's objects teach, the generalized focal loss; of the others and of their boxes, distillation of
 * the source. Where the source sees an object of its own, the target's annotations do not make it background.
 *
 * @throws HeadstartError `not-supported` for a source whose head gives other outputs than a dense head
 */
export function classIncrementalLoss(
  outputs: DenseOutputs,
  targets: DenseTargets,
  { outputs: given, retainedClasses }: Distillation,
  options: DenseLossOptions = {},
): Scalar {
  return tidy(() => {
    const source = checkedSource(given, outputs);
    const retained = new Set(retainedClasses);
    const learned = Array.from({ length: outputs.logits.shape[2]! }, (_, label) => label).filter(
      (label) => !retained.has(label),
    );
    const own = generalizedFocalLoss({ ...outputs, logits: columnsOf(outputs.logits, learned) }, targets, {
      ...options,
      classes: learned,
    });
    const taken = cast(greater(targets.labels, -1), 'float32');
    const restOf = ({ logits, distances }: DenseOutputs) => ({ logits: columnsOf(logits, retainedClasses), distances });
    return add<Scalar>(own, responseDistillation(restOf(outputs), restOf(source), taken));
  });
}

/**
 * How a detector's responses differ from its source's, as in Feng et al. (2022, "Overcoming
 * catastrophic forgetting in incremental object detection via elastic response distillation"), with a fixed score in
 * place of one that moves with the responses:
 *
 * - of every cell and class the Kullback-Leibler divergence of the score from the source's;
 * - of cells where the source's best score w is 0.1 at least and that have no object of the target, 10 w times the mean
 *   over four sides of the divergence of the distribution of distances from the source's (localization distillation:
 *   Zheng et al., 2022, arXiv 2102.12252).
 *
 * Both over the sum of these w, 1 at least, in nats. Zero where they agree.
 *
 * @param student `logits` of the retained classes, `[batch, cells, retained classes]` @param source the same of the source
 * @param taken `[batch, cells]`, 1 where a cell has an object of the target
 */
export function responseDistillation(student: DenseOutputs, source: DenseOutputs, taken: Tensor): Scalar {
  return tidy(() => {
    const scores = sigmoid(source.logits);
    const best = max(scores, -1);
    const seen = mul(best, cast(greaterEqual(best, SEEN), 'float32'));
    const classes = sum(sub(binaryCrossEntropy(student.logits, scores), binaryCrossEntropy(source.logits, scores)));
    const boxes = sum(mul(divergence(student.distances, source.distances), mul(seen, sub(1, taken))));
    return div<Scalar>(add(classes, mul(boxes, BOXES)), maximum(sum(seen), 1));
  });
}

/** Mean over the sides of `Σ t log(t / s)`, nats, with t the source's distribution and s the student's: `[batch, cells]`. */
function divergence(student: Tensor, source: Tensor): Tensor {
  const logits = perSide(source);
  const terms = mul(softmax(logits), sub(logSoftmax(logits), logSoftmax(perSide(student))));
  return div(sum(sum(terms, -1), -1), SIDES);
}

function checkedSource({ logits, distances }: Distillation['outputs'], own: DenseOutputs): DenseOutputs {
  const cells = own.logits.shape[1];
  if (logits?.rank === 3 && logits.shape[1] === cells && distances?.shape.join() === own.distances.shape.join())
    return { logits, distances };
  throw new HeadstartError({
    code: 'not-supported',
    message: `The source's own head does not give logits and distances for ${cells} cells, from which its classes would be kept.`,
    hint: 'Keep the classes of nanodet-coco, or of a model that was trained for object-detection (--source model:<folder>).',
  });
}
