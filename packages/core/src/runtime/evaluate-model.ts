import { basename } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Encoder } from '../data/encoder.ts';
import { openSplit, type FeatureCounts } from '../data/split-data.ts';
import { placesAmong } from '../domains/labels.ts';
import { renumberLabels } from '../domains/renumber.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Dataset, Sample, SplitName, TargetData, TargetDomain } from '../domains/target-domain.ts';
import type { EvaluationPage, Evaluator } from '../metrics/evaluator.ts';
import { cleanTarget, type CleaningContext } from '../cleaning/clean-target.ts';
import { checkLabelled } from '../inspection/check-labelled.ts';
import type { Cleaned } from '../inspection/cleaned.ts';
import { frozenStages } from '../models/frozen-stages.ts';
import type { UnsavedCard } from '../models/model-directory.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Cleaning } from '../options/cleanings.ts';
import type { Task } from '../tasks/task.ts';
import { EVALUATION_BATCH, evaluateOnce } from '../training/evaluate.ts';
import type { EvaluateOptions, EvaluateResult } from './headstart.ts';
import { checkBatchSize } from './input-batches.ts';
import { checkStrict } from './look-over.ts';
import { viewOf } from './prepare-target.ts';
import { readTarget } from './read-target.ts';
import { splitPrepared } from './split-prepared.ts';
import type { ModelServices } from './trained-model.ts';

/** A model in memory and what it says of itself. */
export interface EvaluatedModel {
  readonly directory: string;
  readonly card: UnsavedCard;
  readonly task: Task;
  readonly model: TransferModel;
  readonly encoder: Encoder;
}

/**
 * How good a model is on data. What its frozen stages give is taken from the feature store and kept there, as in a
 * training: an evaluation after it, or of the same data again, computes the rest alone.
 */
export async function evaluateModel(
  evaluated: EvaluatedModel,
  { backend, registries, artifacts, store, progress }: ModelServices,
  target: string,
  options: EvaluateOptions = {},
): Promise<EvaluateResult> {
  const { directory, card, task, model, encoder } = evaluated;
  const { reader, readerOptions = {}, skipBad = false, batchSize = EVALUATION_BATCH, pages = [] } = options;
  checkBatchSize(batchSize);
  const { labels } = card;
  const evaluator = task.evaluator(labels, { retainedClasses: card.kept?.map((label) => labels.indexOf(label)) });
  checkPages(task, evaluator, pages);
  const read = await readTarget(
    registries,
    artifacts,
    { target, reader, task: task.id },
    { skipBad, options: readerOptions, progress },
  );
  const { data, cleaned } = await cleanedLike(card, read.data, options.clean, { view: viewOf(task), progress });
  checkLabelled(data);
  const { warnings = [], passedOver = [] } = data.notes ?? {};
  if (options.strict) checkStrict(data, warnings);
  const { samples, split } = samplesOf(card, relabel(data, labels), options.split);
  if (samples.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `The ${split} split of ${target} is empty.`,
      hint: 'Choose another one with --split.',
    });
  }
  let features: FeatureCounts | undefined;
  const onFeatures = async (counts: FeatureCounts) => void (features = counts);
  const context = { backend, store, model, encoder, progress, onFeatures };
  const loader = await openSplit(context, samples, frozenStages(card, model));
  try {
    const metrics = await evaluateOnce(backend, model, {
      task,
      labels,
      loader,
      progress,
      batchSize,
      evaluator,
      encoded: pages.includes('mistakes') ? { samples, encoder } : undefined,
      metrics: registries.metrics.list().map(({ value }) => value),
      intervals: true,
    });
    const title = `${basename(directory)} on ${data.id}, ${split === 'all' ? 'all samples' : `split ${split}`}`;
    const written: Partial<Record<EvaluationPage, string>> = {};
    for (const page of pages) written[page] = await evaluator.pages![page]!(title);
    const { skipped } = data;
    return {
      metrics,
      samples: samples.length,
      split,
      skipped,
      warnings,
      passedOver,
      cleaned,
      pages: written,
      features,
    };
  } finally {
    await loader.close();
  }
}

/**
 * The data, mended as it was asked for. Where nothing was, and the data are those that the model was trained on if they are
 * mended as they were then, so they are: what it learned is known again by that, and not measured on.
 */
async function cleanedLike(
  card: UnsavedCard,
  data: TargetData,
  asked: readonly Cleaning[] | undefined,
  context: CleaningContext,
): Promise<{ data: TargetData; cleaned: readonly Cleaned[] }> {
  if (asked) return cleanTarget(data, asked, context);
  const { clean = [] } = card.target;
  if (clean.length === 0) return { data, cleaned: [] };
  const mended = await cleanTarget(data, clean, context);
  const known = mended.data.labels.every((label) => card.labels.includes(label));
  return known && trainedOn(card, relabel(mended.data, card.labels)) ? mended : { data, cleaned: [] };
}

/** @throws HeadstartError `not-supported` for a page that the task's evaluator does not write */
function checkPages(task: Task, evaluator: Evaluator, pages: readonly EvaluationPage[]): void {
  const missing = pages.find((page) => !evaluator.pages?.[page]);
  if (missing === undefined) return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The task "${task.id}" cannot write a page of its ${missing}.`,
    hint: 'Leave the page out: the numbers are there without it.',
  });
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
  card: UnsavedCard,
  data: TargetData,
  wanted: EvaluateOptions['split'],
): { samples: Dataset<Sample>; split: SplitName | 'all' } {
  const all = data.samples.map(({ sample }) => sample);
  if (wanted === 'all') return { samples: datasetOf(all), split: 'all' };
  if (data.samples.some(({ split }) => split !== undefined)) {
    const name = wanted ?? 'test';
    const samples = data.samples.flatMap(({ sample, split = 'train' }) => (split === name ? [sample] : []));
    if (wanted || samples.length > 0) return { samples: datasetOf(samples), split: name };
    return { samples: datasetOf(all), split: 'all' };
  }
  if (wanted) return { samples: splitAgain(card, data).splits[wanted], split: wanted };
  const { test } = trainedOn(card, data)?.splits ?? { test: datasetOf<Sample>([]) };
  return test.length > 0 ? { samples: test, split: 'test' } : { samples: datasetOf(all), split: 'all' };
}

function splitAgain({ training, seed, target }: UnsavedCard, data: TargetData): TargetDomain {
  return splitPrepared(data, { split: training.split, seed, shots: training.shots ?? undefined, clean: target.clean });
}

/** The data in the splits of the training, where it is what the model was trained on. */
function trainedOn(card: UnsavedCard, data: TargetData): TargetDomain | undefined {
  try {
    const domain = splitAgain(card, data);
    return domain.fingerprint === card.target.fingerprint ? domain : undefined;
  } catch (error) {
    // Data that cannot be split that way (a class with one sample, say) is not that data.
    if (HeadstartError.is(error)) return undefined;
    throw error;
  }
}
