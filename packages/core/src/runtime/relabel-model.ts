import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { writeNewFolder } from '../export/new-folder.ts';
import {
  ADAPTERS_FILE,
  ASSETS_FOLDER,
  CARD_FILE,
  cardText,
  HISTORY_FILE,
  WEIGHTS_FILE,
  type ModelCard,
} from '../models/card-schema.ts';
import { checkFile, readModel } from '../models/model-directory.ts';
import { taskOf, type ModelParts } from '../models/model-parts.ts';
import { newLabels, type LabelChanges } from '../models/new-labels.ts';
import { cannotMerge, trainedLabels } from '../models/relabelled-head.ts';

/** What became of a model's labels. */
export interface RelabelResult {
  /** The new model's folder. */
  readonly model: string;
  readonly labels: readonly string[];
  /** For each of the former labels what it is called now. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Whether the former metrics are left out: they were those of other labels. */
  readonly metricsDropped: boolean;
}

/**
 * Writes a model whose labels are called otherwise, or have become one in part, beside the one that it is made from. The
 * weights are the same: logits of merged labels are put together where the model is used.
 *
 * @param out a new folder, which appears complete or not at all
 * @throws HeadstartError `label-invalid`, `model-invalid`, `not-supported` for a task that cannot merge, `invalid-option`, `storage-*`
 */
export async function relabelModel(
  directory: string,
  changes: LabelChanges,
  out: string,
  parts: ModelParts,
): Promise<RelabelResult> {
  const folder = resolve(directory);
  const target = resolve(out);
  if (target === folder) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${folder} is the model itself, which stays as it is.`,
      hint: 'Name another folder with --out.',
    });
  }
  const { card } = await readModel(folder);
  const { labels, places } = newLabels(card.labels, changes);
  const merges = labels.length < card.labels.length;
  const task = taskOf(folder, card, parts);
  if (merges && !task.mergeLogits) throw cannotMerge(task);
  const before = card.relabelled?.places ?? card.labels.map((_, i) => i);
  const whole: ModelCard = {
    ...card,
    labels: [...labels],
    ...(card.kept && { kept: [...new Set(card.kept.map((label) => labels[places[card.labels.indexOf(label)]!]!))] }),
    relabelled: { labels: [...trainedLabels(card)], places: before.map((place) => places[place]!) },
    ...(card.decision && { decision: decisionOf(card, labels, places) }),
    // What was measured of the former labels says nothing of merged ones.
    ...(merges && { metrics: {}, crossValidation: undefined, calibration: undefined }),
  };
  await writeNewFolder(target, filesOf(folder, card, whole));
  const metricsDropped = merges && Object.keys(card.metrics).length > 0;
  const renamed = Object.fromEntries(card.labels.map((label, i) => [label, labels[places[i]!]!]));
  return { model: target, labels, renamed, metricsDropped };
}

/** The decision rule under the new names; a label that others became has no threshold of its own yet. */
function decisionOf(
  { decision, labels: former }: ModelCard,
  labels: readonly string[],
  places: readonly number[],
): ModelCard['decision'] {
  const { thresholds, ...rest } = decision!;
  if (!thresholds) return decision;
  const alone = former.flatMap((label, i) => {
    const shared = places.filter((place) => place === places[i]).length > 1;
    return shared || thresholds[label] === undefined ? [] : [[labels[places[i]!]!, thresholds[label]] as const];
  });
  return { ...rest, ...(alone.length > 0 && { thresholds: Object.fromEntries(alone) }) };
}

/** The model's files as they are, each held against its card, and the new card. @throws HeadstartError `model-invalid` */
async function* filesOf(
  folder: string,
  card: ModelCard,
  relabelled: ModelCard,
): AsyncGenerator<readonly [string, Uint8Array | string]> {
  const assets = card.assets.map((name) => `${ASSETS_FOLDER}/${name}`);
  for (const name of [WEIGHTS_FILE, ADAPTERS_FILE, HISTORY_FILE, ...assets])
    if (existsSync(join(folder, name))) yield [name, await checkFile(folder, name, card)];
  yield [CARD_FILE, cardText(relabelled)];
}
