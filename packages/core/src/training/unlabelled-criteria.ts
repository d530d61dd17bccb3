import { datasetOf } from '../domains/splits.ts';
import type { Dataset, Sample, TargetDomain } from '../domains/target-domain.ts';
import { choosesByFeatures, DEFAULT_SELECTION } from '../options/criteria.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { criteriaOf } from '../selection/criteria.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { canChooseBy } from './epoch-choice.ts';
import { learnsTask, needsOf } from './loss-needs.ts';
import { opinionsOf } from './opinions.ts';
import type { Judging } from './phase-data.ts';
import type { Transfer } from './transfer.ts';

/** So many samples tell epochs apart: their similarities to one another are as many as their square. */
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
export function criterionSamples<S extends Sample>(samples: Dataset<S>, random: RandomStream): Dataset<S> {
  if (samples.length <= MOST_SAMPLES) return samples;
  const places = random.permutation(samples.length).subarray(0, MOST_SAMPLES).sort();
  return datasetOf(Array.from(places, (place) => samples.get(place)));
}

/**
 * Whether criteria that look at features are computed: where one of them chooses, and where epochs are judged on the test
 * domain, beside which every way is shown. They take longer than an epoch on cached features does.
 */
export function looksAtFeatures({ select = DEFAULT_SELECTION, judge }: Pick<Transfer, 'select' | 'judge'>): boolean {
  return choosesByFeatures(select) || judge !== undefined;
}

/** Samples that criteria are computed on. */
export interface CriterionJudging {
  readonly unlabelled: Judging;
  /** Labelled samples and their classes, where criteria look at features and there are enough of them. */
  readonly validation?: Judging & { readonly labels: Int32Array };
}

/** Classes of labelled samples; none of too few to choose by. */
export function classesOf(samples: Dataset<Sample>): Int32Array | undefined {
  if (!canChooseBy(samples.length)) return undefined;
  return Int32Array.from({ length: samples.length }, (_, i) => samples.get(i).label ?? -1);
}

/** What the model as it is predicts for unlabelled samples, by every criterion; nothing where its outputs are no `logits` of classes. */
export async function unlabelledCriteria({
  unlabelled,
  validation,
}: CriterionJudging): Promise<Readonly<Record<string, number>> | undefined> {
  const found = await opinionsOf(unlabelled.forward, unlabelled.loader);
  if (!found) return undefined;
  const own = validation && (await opinionsOf(validation.forward, validation.loader));
  return criteriaOf(found, own && { ...own, labels: validation.labels });
}
