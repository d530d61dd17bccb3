import { basename } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { damageOf } from '../data/prefix-rows.ts';
import { openSplit, type FeatureCounts } from '../data/split-data.ts';
import type { EvaluationPage, Evaluator } from '../metrics/evaluator.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import { cutTexts } from '../inspection/cut-texts.ts';
import { frozenStages } from '../models/frozen-stages.ts';
import type { UnsavedCard } from '../models/card-schema.ts';
import { CLEANINGS } from '../options/cleanings.ts';
import { namedValues, onOff, oneOf, someOf, text, wholeNumber } from '../options/value-kinds.ts';
import type { Task } from '../tasks/task.ts';
import { compileInference, evaluate, EVALUATION_BATCH } from '../training/evaluate.ts';
import { featuresOf } from '../training/head-features.ts';
import type { EvaluateOptions, EvaluateResult } from './headstart.ts';
import { checkOptions } from './check-options.ts';
import { checkTarget } from './predict-target.ts';
import { viewOf } from './prepare-target.ts';
import { samplesToJudge, type TrainedOn } from './judged-samples.ts';
import { requireRegion, shiftReport, type WatchedModel } from './report-shift.ts';
import { pageOfMistakes, showsMistakes } from './pages-of-mistakes.ts';
import { ShapedInference } from './shaped-inference.ts';
import type { ModelServices } from './trained-model.ts';

/** A model in memory and what it says of itself. */
export interface EvaluatedModel extends WatchedModel {
  readonly card: UnsavedCard;
  readonly task: Task;
}

const OPTIONS = {
  split: oneOf(['train', 'validation', 'test', 'all']),
  reader: text,
  readerOptions: namedValues,
  skipBad: onOff,
  clean: someOf(CLEANINGS),
  strict: onOff,
  batchSize: wholeNumber(1),
  reportShift: onOff,
  pages: someOf(['report', 'mistakes']),
} satisfies Record<keyof EvaluateOptions, unknown>;

/**
 * How good a model is on data. What its frozen stages give is taken from the feature store and kept there, as in a
 * training: an evaluation after it, or of the same data again, computes the rest alone.
 */
export async function evaluateModel(
  evaluated: EvaluatedModel,
  services: ModelServices,
  target: string,
  options: EvaluateOptions = {},
): Promise<EvaluateResult> {
  const { directory, card, task, model, encoder } = evaluated;
  const { backend, registries, store, progress } = services;
  checkTarget('evaluate', target);
  checkOptions('evaluate', OPTIONS, options);
  const { batchSize = EVALUATION_BATCH, pages = [] } = options;
  const { labels } = card;
  const shifted = options.reportShift ? requireRegion(directory, card, evaluated.known) : undefined;
  const evaluator = task.evaluator(labels, { retainedClasses: card.kept?.map((label) => labels.indexOf(label)) });
  checkPages(task, evaluator, pages);
  const request = { target, ...options };
  const { data, cleaned, samples, split, warnings } = await samplesToJudge(services, task, trainedOn(card), request);
  let features: FeatureCounts | undefined;
  const onFeatures = async (counts: FeatureCounts) => void (features = counts);
  const context = { backend, store, model, encoder, progress, onFeatures };
  const loader = await openSplit(context, samples, frozenStages(card, model));
  // A step of its own: a model that is kept may be asked about samples of ever new shapes.
  const forward = compileInference(backend, model, loader.from);
  try {
    const metrics = await evaluate(forward, {
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
    const shift = shifted && shiftOf(shifted, await featuresOf(backend, model, loader), samples.length);
    const title = `${basename(directory)} on ${data.id}, ${split === 'all' ? 'all samples' : `split ${split}`}`;
    const written: Partial<Record<EvaluationPage, string>> = {};
    for (const page of pages) {
      const write = evaluator.pages?.[page];
      written[page] = write ? await write(title) : await mistakesOf(title, evaluated, services, { evaluator, samples });
    }
    const { skipped, notes } = data;
    const damage = features && damageOf(features);
    return {
      metrics,
      samples: samples.length,
      split,
      skipped,
      warnings: [
        ...(notes?.warnings ?? []),
        ...warnings,
        ...cutTextsOf(samples, evaluated),
        ...(damage ? [damage] : []),
      ],
      passedOver: notes?.passedOver ?? [],
      cleaned,
      pages: written,
      features,
      ...(shift && { shift }),
    };
  } finally {
    forward.dispose();
    await loader.close();
  }
}

/** Texts of which the model does not read all. */
export function cutTextsOf(
  samples: Dataset<Sample>,
  { task, encoder, card }: Pick<EvaluatedModel, 'task' | 'encoder' | 'card'>,
): DataWarning[] {
  if (!encoder.limit) return [];
  const each = Array.from({ length: samples.length }, (_, i) => samples.get(i));
  return cutTexts(each, viewOf(task), `the model on ${card.source.id}`, encoder.limit);
}

/** @throws HeadstartError `not-supported` for a page that the task's evaluator does not write */
function checkPages(task: Task, evaluator: Evaluator, pages: readonly EvaluationPage[]): void {
  const known = (page: EvaluationPage) =>
    evaluator.pages?.[page] !== undefined || (page === 'mistakes' && showsMistakes(task, evaluator));
  const missing = pages.find((page) => !known(page));
  if (missing === undefined) return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The task "${task.id}" cannot write a page of its ${missing}.`,
    hint: 'Leave the page out: the numbers are there without it.',
  });
}

/** @param features of the samples, as the model's head sees them */
function shiftOf({ region, bounds }: ReturnType<typeof requireRegion>, features: Float32Array, samples: number) {
  return shiftReport(region.distances(features, features.length / samples), bounds);
}

async function mistakesOf(
  title: string,
  { card: { labels }, task, model, encoder }: EvaluatedModel,
  { backend }: ModelServices,
  { evaluator, samples }: { readonly evaluator: Evaluator; readonly samples: Dataset<Sample> },
): Promise<string> {
  const forward = new ShapedInference(backend, [...model.backbone.stages, model.head]);
  try {
    return await pageOfMistakes(title, { task, labels, encoder, forward }, evaluator, samples);
  } finally {
    forward.dispose();
  }
}

function trainedOn({ labels, relabelled, target, training, seed }: UnsavedCard): TrainedOn {
  const { fingerprint, labelled = fingerprint, clean } = target;
  return {
    labels,
    relabelled,
    fingerprint: labelled,
    split: training.split,
    seed,
    shots: training.shots ?? undefined,
    clean,
    groupColumn: training.groupColumn ?? undefined,
    groupBy: training.groupBy ?? undefined,
  };
}
