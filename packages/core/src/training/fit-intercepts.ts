import { HeadstartError } from '@headstart/artifacts/errors';
import { dealFolds } from '../domains/folds.ts';
import { groupsOf, listOf } from '../domains/groups.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Sample } from '../domains/target-domain.ts';
import { fitClassShifts } from '../metrics/class-shifts.ts';
import type { ClassificationEvidence } from '../metrics/metric.ts';
import { RandomStream } from '../random/random-stream.ts';
import { byLabel } from '../runs/by-label.ts';
import type { RunEvents } from '../runs/events.ts';
import { earlyStopping } from './early-stopping.ts';
import { canChooseBy } from './epoch-choice.ts';
import { EventBus } from './event-bus.ts';
import type { Run } from './run.ts';
import { disposeHead, openBeside } from './stacked/open-beside.ts';
import { stackKeyOf, type PlannedRun } from './stacked/stackable.ts';
import { trainTogether } from './stacked/train-together.ts';

/** Into how many parts the training samples are dealt; fewer where a class has fewer. */
const FOLDS = 5;

/**
 * Whether the run's class weights hold by fitted intercepts: it trains a head of exclusive classes alone, in one phase, on features of
 * the frozen backbone, so that heads of parts of the samples cost little.
 */
export function hasInterceptsToFit<S extends Sample>(run: PlannedRun<S>): boolean {
  const { transfer, model } = run;
  const { lossWeights, task } = transfer;
  const asked = lossWeights !== undefined && task.weighsClasses === 'one' && model.head.shiftLogits !== undefined;
  return asked && stackKeyOf(run) !== undefined;
}

/**
 * Makes a head's class weights hold however long it has trained. A head of many features fits its training samples, and then it no
 * longer matters what they weigh (Byrd and Lipton, 2019, "What is the effect of importance weighting in deep learning?"); of
 * a class with few samples it knows those by heart, and places others of the class too low. What it says of samples that it has
 * not seen tells by how much: heads that train as this one does on four fifths of the samples each say it of the fifth
 * that is left, and to the logit of each class is added what makes those samples, by their weights, likeliest.
 *
 * Nothing happens where there are no class weights, where other than a head on frozen features trains, and where a class has one sample.
 */
export async function fitIntercepts<S extends Sample>(run: Run<S>): Promise<void> {
  if (!hasInterceptsToFit(run)) return;
  const { transfer, model, events } = run;
  const { labels, splits } = transfer.target;
  const samples = listOf(splits.train);
  const started = performance.now();
  const dealt = await dealtOut(run, samples);
  if (!dealt) return;
  const folds = dealt.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const held = await heldOut(run, samples, dealt, folds);
  const { present } = transfer.lossWeights!;
  const weights = held.map(({ sample }) => present[sample.label!]! * (sample.weight ?? 1));
  const shifts = fitClassShifts(evidenceOf(held, labels), weights);
  model.head.shiftLogits!(shifts);
  run.state.seconds.training += (performance.now() - started) / 1000;
  await events.emit('choice', {
    what: 'intercepts',
    value: byLabel(
      labels,
      shifts.map((shift) => `${shift < 0 ? '' : '+'}${shift.toFixed(2)}`),
    ),
    why: `added to logits, so that classes count what they weigh in samples that ${folds} heads like this one had not seen`,
  });
}

/** The fold of each training sample; undefined where the classes, or their groups, are too small to be dealt out. */
async function dealtOut<S extends Sample>(run: Run<S>, samples: readonly S[]): Promise<Int32Array | undefined> {
  const { transfer, warnOnce } = run;
  const { labels } = transfer.target;
  const random = new RandomStream(transfer.seed).child('intercepts');
  const contents = labels.map(
    (_, label) => new Set(samples.filter((sample) => sample.label === label).map(({ digest }) => digest)).size,
  );
  const folds = Math.min(FOLDS, ...contents.filter((count) => count > 0));
  try {
    if (folds >= 2) return dealFolds(samples, labels, folds, random, groupsOf(samples, transfer.groupBy));
  } catch (error) {
    if (!HeadstartError.is(error)) throw error;
  }
  await warnOnce(
    'Class weights have their part in the loss alone, and wear off the longer a head trains: a class, or what is kept together of it, is too small for a part of it to be left out and predicted. Give two samples of each class at least.',
  );
  return undefined;
}

/** What a head that has not seen a sample says of it. */
interface HeldOut<S> {
  readonly sample: S;
  readonly probabilities: Float32Array;
}

async function heldOut<S extends Sample>(
  run: Run<S>,
  samples: readonly S[],
  dealt: Int32Array,
  folds: number,
): Promise<HeldOut<S>[]> {
  const { transfer } = run;
  const { task, target, patience } = transfer;
  const steps = Math.ceil(samples.length / transfer.batchSize);
  const stops = patience !== undefined && canChooseBy(target.splits.validation.length);
  const handlers: Partial<RunEvents>[] = stops ? [{ epochEnd: earlyStopping(task.monitor, patience) }] : [];
  const runs: Run<S>[] = [];
  const tests: S[][] = [];
  try {
    for (let fold = 0; fold < folds; fold++) {
      const train = samples.filter((_, i) => dealt[i] !== fold);
      tests.push(samples.filter((_, i) => dealt[i] === fold));
      const splits = { ...target.splits, train: datasetOf(train), test: datasetOf(tests[fold]!) };
      // As many steps as the head itself has taken.
      const batchSize = Math.ceil(train.length / steps);
      const part = { ...transfer, target: { ...target, splits }, batchSize };
      runs.push(await openBeside(run, part, new EventBus(handlers)));
    }
    const uses = runs.map((each, fold) => ({ run: each, tests: [datasetOf(tests[fold]!)] }));
    const ends = await trainTogether(uses, { intervals: false });
    return ends.flatMap((end, fold) => {
      if ('error' in end) throw end.error;
      const { probabilities, labels } = end.judged[0]!.evidence!.evidence as ClassificationEvidence;
      return tests[fold]!.map((sample, i) => ({
        sample,
        probabilities: probabilities.subarray(i * labels.length, (i + 1) * labels.length),
      }));
    });
  } finally {
    for (const { model } of runs) disposeHead(model);
  }
}

function evidenceOf<S extends Sample>(
  held: readonly HeldOut<S>[],
  labels: readonly string[],
): Pick<ClassificationEvidence, 'probabilities' | 'truth' | 'labels'> {
  const probabilities = new Float32Array(held.length * labels.length);
  held.forEach((each, i) => probabilities.set(each.probabilities, i * labels.length));
  return { labels, probabilities, truth: Int32Array.from(held, ({ sample }) => sample.label!) };
}
