import { HeadstartError, unknownName } from '@headstart/artifacts/errors';
import { haveWeights, meanWeight } from '../data/sample-weights.ts';
import { everyLabelOf } from '../domains/labels-of.ts';
import type { TargetDomain } from '../domains/target-domain.ts';
import type { TrainingOptions } from '../options/transfer-options.ts';
import type { ClassWeights } from '../network/class-weights.ts';
import { withMembers } from '../network/with-members.ts';
import { byLabel } from '../runs/by-label.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { Task } from '../tasks/task.ts';

type Asked = Pick<TrainingOptions, 'classWeights' | 'sampling'>;

/** What a transfer makes of classes and samples that are to count more or less than others. */
export interface ClassBalance {
  /** The task, which watches a metric in which classes count alike where they are to do so in training. */
  readonly task: Task;
  readonly lossWeights?: ClassWeights;
  readonly choices: readonly ResolvedChoice[];
}

/**
 * Settles what classes and samples count.
 * @throws HeadstartError `not-supported` for a task that cannot do so, `invalid-option`, `unknown-name`, `label-invalid`
 */
export function settleBalance(task: Task, target: TargetDomain, { classWeights, sampling }: Asked): ClassBalance {
  checkSampleWeights(task, target);
  if (classWeights === undefined && sampling === undefined) return { task, choices: [] };
  if (classWeights === 'balanced' && sampling === 'balanced') throw balancedTwice();
  if (classWeights !== undefined && !task.weighsClasses) throw weighsNone(task);
  if (sampling !== undefined) checkSampling(task, target);
  const lossWeights = classWeights === undefined ? undefined : weightsOf(task, target, classWeights);
  const { balancedMonitor: monitor } = task;
  const choices: ResolvedChoice[] = [];
  if (lossWeights)
    choices.push({
      what: 'class weights',
      value: byLabel(
        target.labels,
        lossWeights.present.map((weight) => String(Number(weight.toPrecision(3)))),
      ),
      why: `${classWeights === 'balanced' ? 'n / (k · count), ' : ''}asked for; in the loss, not in metrics`,
    });
  if (sampling) choices.push({ what: 'sampling', value: sampling, why: 'asked for; classes come equally often' });
  return { task: monitor ? withMembers(task, { monitor }) : task, lossWeights, choices };
}

/**
 * The weight of each class. `balanced` is scikit-learn's: n / (k · count) with n training samples, k classes that some of
 * them have, and count samples of the class; 1 for a class without samples. Of samples with several labels each label is a
 * problem of two classes for itself, presence and absence: k = 2, or all weights 1 for a label that all samples have, or none.
 * Weights that are given are, of classes that exclude one another, divided by their mean over the training samples, so that
 * only how they compare matters; those of labels stay as they are, beside the 1 that their absence weighs.
 */
function weightsOf(task: Task, target: TargetDomain, asked: NonNullable<Asked['classWeights']>): ClassWeights {
  const { train } = target.splits;
  const counts = target.labels.map(() => 0);
  for (let i = 0; i < train.length; i++) for (const label of everyLabelOf(train.get(i))) counts[label]! += 1;
  const several = task.weighsClasses === 'several';
  if (asked === 'balanced') {
    if (!several) return { present: balancedWeights(counts), absent: counts.map(() => 1) };
    const ofLabels = counts.map((count) => balancedWeights([count, train.length - count]));
    return { present: ofLabels.map(([present]) => present!), absent: ofLabels.map(([, absent]) => absent!) };
  }
  const unknown = Object.keys(asked).find((label) => !target.labels.includes(label));
  if (unknown !== undefined) throw unknownName('class in --class-weights', unknown, target.labels);
  const given = target.labels.map((label) => asked[label] ?? 1);
  const total = given.reduce((sum, weight, i) => sum + weight * counts[i]!, 0);
  if (!(total > 0)) throw nothingCounts(asked);
  if (several) return { present: given, absent: given.map(() => 1) };
  const mean = total / counts.reduce((sum, count) => sum + count, 0);
  return { present: given.map((weight) => weight / mean), absent: given.map(() => 1) };
}

/** n / (k · count) of each class by its count of samples, with k those that have some; 1 for the others. */
function balancedWeights(counts: readonly number[]): number[] {
  const samples = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 1 : samples / (present * count)));
}

function nothingCounts(asked: Readonly<Record<string, number>>): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `By the class weights ${JSON.stringify(asked)} no training sample counts: every class that has some weighs 0.`,
    hint: 'Give a class that is to be learned a weight above 0.',
  });
}

/** @throws HeadstartError `not-supported`, `label-invalid` */
function checkSampleWeights(task: Task, { id, splits: { train } }: TargetDomain): void {
  if (!haveWeights(train)) return;
  if (!task.sampleLosses) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `Samples of ${id} have weights, and the loss of the task "${task.id}" is no mean over samples that could count more or less.`,
      hint: 'Leave out the reader option weight-column.',
    });
  }
  if (meanWeight(train) > 0) return;
  throw new HeadstartError({
    code: 'label-invalid',
    message: `Every one of the ${train.length} training samples of ${id} has the weight 0: nothing could be learned.`,
    hint: 'Give samples that are to be learned from a weight above 0, or leave out the reader option weight-column.',
  });
}

/** @throws HeadstartError `not-supported` */
function checkSampling(task: Task, { id, labels, splits: { train } }: TargetDomain): void {
  const paired = task.pairedBatches === true && labels.length > 0;
  let classes = false;
  for (let i = 0; i < train.length && !classes; i++) classes = everyLabelOf(train.get(i)).length > 0;
  if (classes && !paired) return;
  throw new HeadstartError({
    code: 'not-supported',
    message: paired
      ? `The task "${task.id}" takes its batches in pairs of one label: they cannot be drawn in balance as well.`
      : `Samples of ${id} have no classes, between which draws could be in balance.`,
    hint: 'Leave out --sampling.',
  });
}

function weighsNone(task: Task): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The task "${task.id}" cannot weigh classes: its loss is not one cost for each sample's class.`,
    hint: 'Leave out --class-weights. --sampling balanced shows samples of rare classes more often, where samples have classes.',
  });
}

function balancedTwice(): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: 'Both class weights and sampling are to be balanced: together rare classes would count too much.',
    hint: 'Give --class-weights balanced or --sampling balanced, not both.',
  });
}
