import { HeadstartError } from '@headstart/artifacts/errors';
import type { Progress } from '@headstart/artifacts';
import { placesAmong } from '../domains/labels.ts';
import { mapLabels, withLabelsAt } from '../domains/map-labels.ts';
import { renumberLabels } from '../domains/renumber.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Dataset, Sample, SplitName, TargetData, TargetDomain } from '../domains/target-domain.ts';
import { checkLabelled } from '../inspection/check-labelled.ts';
import type { Cleaned } from '../inspection/cleaned.ts';
import type { Cleaning } from '../options/cleanings.ts';
import type { TransferOptions, WithDefaults } from '../options/transfer-options.ts';
import type { TestRequest } from '../runs/trial.ts';
import type { Task } from '../tasks/task.ts';
import { checkStrict } from './look-over.ts';
import { mendedTarget, type MendedTarget } from './prepare-target.ts';
import { presentPlaces, type Relabelled } from './present-places.ts';
import { GROUP_COLUMN } from '../tables/group-column.ts';
import { checkModelModality } from './check-modality.ts';
import { readTarget, type ReadServices, type ReadTarget } from './read-target.ts';
import { splitPrepared } from './split-prepared.ts';

/** What a model learned from, by which its data are known again. */
export interface TrainedOn
  extends Pick<WithDefaults<TransferOptions>, 'split' | 'seed' | 'shots' | 'clean' | 'groupColumn' | 'groupBy'> {
  /** The model's, in the order of its outputs. */
  readonly labels: readonly string[];
  /** Where labels were renamed or merged since: those of the training, and for each its place among `labels`. */
  readonly relabelled?: Relabelled;
  /** Of the labelled data, in splits. */
  readonly fingerprint: string;
}

export interface JudgeRequest extends TestRequest {
  /** What to mend; what was mended for the training where they are the same data, else nothing. */
  readonly clean?: readonly Cleaning[];
  /** Refuse data of which the reader warns. */
  readonly strict?: boolean;
}

/** Samples that a model is judged on, their labels numbered as its own. */
export interface JudgedSamples {
  readonly data: TargetData;
  readonly cleaned: readonly Cleaned[];
  readonly samples: Dataset<Sample>;
  readonly split: SplitName | 'all';
  /** What looks wrong in how the data's labels were matched with the model's. */
  readonly warnings: readonly DataWarning[];
}

/**
 * Reads what a model is to be judged on.
 * @throws HeadstartError `target-*`; `not-supported` for data of another modality than the model's; `label-invalid` for labels that
 * the model does not know
 */
export async function samplesToJudge(
  services: ReadServices & { readonly progress: Progress },
  task: Task,
  trained: TrainedOn,
  { target, reader, readerOptions: options = {}, skipBad = false, clean, strict, split: asked }: JudgeRequest,
): Promise<JudgedSamples> {
  const { progress } = services;
  const read = await readLike(trained, options, (given) =>
    readTarget(services, { target, reader, task: task.id }, { skipBad, options: given, progress }),
  );
  checkModelModality(task, read.data, target);
  const mend = (cleanings: readonly Cleaning[]) => mendedTarget(services, read, task, cleanings);
  const { data, cleaned } = clean ? await mend(clean) : await mendedLike(trained, read.data, mend);
  checkLabelled(data);
  const { samples, split, warnings = [] } = numberedSamples(trained, data, asked);
  if (strict) checkStrict(data, [...(data.notes?.warnings ?? []), ...warnings]);
  if (samples.length > 0) return { data, cleaned, samples, split, warnings };
  throw new HeadstartError({
    code: 'target-empty',
    message: `The ${split} split of ${target} is empty.`,
    hint: 'Choose another one with --split.',
  });
}

/** Reads with the groups that the training kept together, where the data have them: they are known again by their splits. */
async function readLike(
  { groupColumn }: TrainedOn,
  options: Readonly<Record<string, string>>,
  read: (options: Readonly<Record<string, string>>) => Promise<ReadTarget>,
): Promise<ReadTarget> {
  if (groupColumn === undefined || options[GROUP_COLUMN] !== undefined) return read(options);
  try {
    const found = await read({ ...options, [GROUP_COLUMN]: groupColumn });
    if (found.data.samples.some(({ sample }) => sample.group !== undefined)) return found;
  } catch (error) {
    // Other data have no such column.
    if (!HeadstartError.is(error) || !['invalid-option', 'unknown-name'].includes(error.code)) throw error;
  }
  return read(options);
}

/**
 * The data, mended as they were for the training where that makes them those that the model was trained on: what it learned
 * is known again by that, and not measured on.
 */
async function mendedLike(
  trained: TrainedOn,
  data: TargetData,
  mend: (cleanings: readonly Cleaning[]) => Promise<MendedTarget>,
): Promise<MendedTarget> {
  const { clean = [] } = trained;
  if (clean.length === 0) return { data, cleaned: [] };
  const mended = await mend(clean);
  const { labels } = trained.relabelled ?? trained;
  const known = mended.data.labels.every((label) => labels.includes(label));
  return known && knownAgain(trained, relabel(mended.data, labels)) ? mended : { data, cleaned: [] };
}

interface NumberedSamples {
  readonly samples: Dataset<Sample>;
  readonly split: SplitName | 'all';
  readonly warnings?: readonly DataWarning[];
}

/** The samples by the model's own numbers; labels of the training that have been renamed or merged since are known again. */
function numberedSamples(trained: TrainedOn, data: TargetData, asked: TestRequest['split']): NumberedSamples {
  const { labels, relabelled } = trained;
  if (!relabelled) return samplesOf(trained, relabel(data, labels), asked);
  const former = placesAmong(data.labels, relabelled.labels);
  if (former.every((place) => place >= 0)) {
    const asTrained = renumberLabels(data, relabelled.labels);
    if (knownAgain(trained, asTrained)) {
      const { samples, split } = samplesOf(trained, asTrained, asked);
      const now = Array.from({ length: samples.length }, (_, i) => withLabelsAt(samples.get(i), relabelled.places));
      return { samples: datasetOf(now), split };
    }
  }
  const { places, warnings } = presentPlaces(data, { labels, relabelled });
  if (places.some((place) => place < 0)) return samplesOf(trained, relabel(data, labels), asked);
  return { ...samplesOf(trained, mapLabels(data, labels, places), asked), warnings };
}

/** The data with its labels numbered as the model numbers them. */
function relabel(data: TargetData, labels: readonly string[]): TargetData {
  const places = placesAmong(data.labels, labels);
  const unknown = data.labels.filter((_, i) => places[i]! < 0);
  if (unknown.length > 0) {
    throw new HeadstartError({
      code: 'label-invalid',
      message: `${data.id} has labels that the model does not know: ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ', …' : ''}.`,
      hint: `The model's labels: ${labels.slice(0, 20).join(', ')}${labels.length > 20 ? ', …' : ''}. Rename or leave out the others.`,
    });
  }
  return renumberLabels(data, labels);
}

/**
 * The asked-for split; by default the test split where the data assigns splits or is what the
 * model was trained on (split again by the model's seed), else everything.
 */
function samplesOf(
  trained: TrainedOn,
  data: TargetData,
  wanted: TestRequest['split'],
): { samples: Dataset<Sample>; split: SplitName | 'all' } {
  const all = data.samples.map(({ sample }) => sample);
  if (wanted === 'all') return { samples: datasetOf(all), split: 'all' };
  if (data.samples.some(({ split }) => split !== undefined)) {
    const name = wanted ?? 'test';
    const samples = data.samples.flatMap(({ sample, split = 'train' }) => (split === name ? [sample] : []));
    if (wanted || samples.length > 0) return { samples: datasetOf(samples), split: name };
    return { samples: datasetOf(all), split: 'all' };
  }
  if (wanted) return { samples: splitPrepared(data, trained).splits[wanted], split: wanted };
  const { test } = knownAgain(trained, data)?.splits ?? { test: datasetOf<Sample>([]) };
  return test.length > 0 ? { samples: test, split: 'test' } : { samples: datasetOf(all), split: 'all' };
}

/** The data in the splits of the training, where it is what the model was trained on. */
function knownAgain(trained: TrainedOn, data: TargetData): TargetDomain | undefined {
  try {
    const domain = splitPrepared(data, trained);
    return domain.fingerprint === trained.fingerprint ? domain : undefined;
  } catch (error) {
    // Data that cannot be split that way (a class with one sample, say) is not that data.
    if (HeadstartError.is(error)) return undefined;
    throw error;
  }
}
