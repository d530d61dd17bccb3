import { dispose } from '@tensorflow/tfjs-core';
import { cut, lengthOrder, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors } from '../data/encode-batch.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Dataset, Sample, TargetDomain } from '../domains/target-domain.ts';
import { softmaxRows } from '../metrics/softmax-rows.ts';
import type { Tensors } from '../network/tensors.ts';
import type { UnlabelledCriterion } from '../options/criteria.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { criteriaOf } from '../selection/criteria.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { EVALUATION_BATCH, type Inference } from './evaluate.ts';
import { learnsTask, needsOf } from './loss-needs.ts';

/** So many unlabelled samples tell epochs apart: their similarities to one another are as many as their square. */
const MOST_SAMPLES = 500;

/** Whether a phase adapts to unlabelled samples by predictions of single classes, so that criteria of them can be computed. */
export function hasCriteria<S extends Sample>(task: Task<S>, phase: Phase): boolean {
  return task.weighsClasses === 'one' && needsOf([phase]).unlabelled === true && learnsTask(phase);
}

/** How many unlabelled samples criteria are computed on. */
export function criterionCount({ unlabelled }: Pick<TargetDomain, 'unlabelled'>): number {
  return Math.min(unlabelled?.length ?? 0, MOST_SAMPLES);
}

/** The samples that criteria are computed on: drawn once, the same for every epoch. */
export function criterionSamples<S extends Sample>(unlabelled: Dataset<S>, random: RandomStream): Dataset<S> {
  if (unlabelled.length <= MOST_SAMPLES) return unlabelled;
  const places = random.permutation(unlabelled.length).subarray(0, MOST_SAMPLES).sort();
  return datasetOf(Array.from(places, (place) => unlabelled.get(place)));
}

/** What the model as it is predicts for unlabelled samples, by every criterion; nothing where its outputs are no `logits` of classes. */
export async function unlabelledCriteria(
  forward: Inference,
  loader: BatchLoader,
): Promise<Record<UnlabelledCriterion, number> | undefined> {
  const batches = cut(lengthOrder(loader.length, loader.lengthOf), EVALUATION_BATCH);
  let probabilities = new Float32Array(0);
  let columns = 0;
  let next = 0;
  for await (const batch of prefetch(batches, (positions) => loader.load(positions))) {
    const inputs = inputTensors(loader.inputs, batch);
    const outputs = await forward(inputs).finally(() => dispose(inputs));
    const logits = await logitsOf(outputs).finally(() => dispose(outputs));
    if (!logits) return undefined;
    const positions = batches[next++]!;
    columns = logits.length / positions.length;
    if (next === 1) probabilities = new Float32Array(loader.length * columns);
    const rows = softmaxRows(Float32Array.from(logits), columns);
    positions.forEach((place, i) => probabilities.set(rows.subarray(i * columns, (i + 1) * columns), place * columns));
  }
  return criteriaOf({ rows: loader.length, columns, values: probabilities });
}

async function logitsOf({ logits }: Tensors): Promise<Float32Array | undefined> {
  return logits?.rank === 2 ? logits.data<'float32'>() : undefined;
}
