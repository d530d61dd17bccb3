import { RandomStream } from '../random/random-stream.ts';
import type { SourceRuntime } from '../domains/source-domain.ts';
import { HEAD } from '../network/head.ts';
import type { Task } from '../tasks/task.ts';
import { applyAdapters } from '../network/adapters.ts';
import type { ModelCard } from './card-schema.ts';
import { readModel, type SavedModel } from './model-directory.ts';
import { KNOWN_FEATURES, KnownRegion } from './known-region.ts';
import { baseDigest, partVariables } from './left-out.ts';
import { originOf, sourceOf, taskOf, type ModelParts } from './model-parts.ts';
import { relabelledHead, trainedLabels } from './relabelled-head.ts';
import { withBottleneck } from '../network/bottleneck.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { checkTrainedOn } from '../network/value-digest.ts';
import { writeValues } from '../network/variable-values.ts';

/**
 * Builds a saved model from its folder: the architecture from the plugin that has its source (that of the first, where it
 * was trained on another model), every weight from the folder. Nothing is fetched, unless the folder leaves weights to the source, or has
 * adapters and the head alone: these are put on the source's published weights, which must be those that they were trained on.
 *
 * @throws HeadstartError `model-invalid`, `weights-mismatch`, `unknown-name`, `artifact-*`
 */
export async function loadModel(
  directory: string,
  parts: ModelParts,
  runtime: SourceRuntime,
): Promise<{ card: ModelCard; task: Task; model: TransferModel; known?: KnownRegion }> {
  const saved = await readModel(directory);
  const { card, weights, onSource } = saved;
  const task = taskOf(directory, card, parts);
  const source = sourceOf(directory, card, parts, onSource ? card.source.id : originOf(card));
  const opened = await source.open(
    runtime,
    onSource
      ? { weights: 'published' }
      : { weights: 'none', assets: (name) => saved.asset(name), elements: elementsIn(weights) },
  );
  let backbone = opened;
  let model: TransferModel | undefined;
  try {
    if (card.bottleneck) backbone = withBottleneck(opened, card.bottleneck);
    const head = task.buildHead(backbone, trainedLabels(card), new RandomStream('unused'));
    model = new TransferModel(backbone, relabelledHead(head, task, card));
    if (onSource) await putOnSource(model, weights, onSource, directory);
    else await writeValues(model.variables(), weights, directory);
    return { card, task, model, known: regionOf(card, weights) };
  } catch (error) {
    (model ?? backbone).dispose();
    throw error;
  }
}

function regionOf({ known }: ModelCard, weights: SavedModel['weights']): KnownRegion | undefined {
  const stored = weights.get(KNOWN_FEATURES);
  return known && stored && new KnownRegion(stored.data, stored.shape[1]!, known.neighbour);
}

function elementsIn(weights: SavedModel['weights']): number {
  return [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
}

/** Checks that the source has the values that the weights were trained on, and puts these in their place, or adapters on top. */
async function putOnSource(
  model: TransferModel,
  weights: SavedModel['weights'],
  { base, scale }: NonNullable<SavedModel['onSource']>,
  directory: string,
): Promise<void> {
  if (scale !== undefined) {
    const ofBackbone = model.variables((stage) => stage !== HEAD);
    await applyAdapters(ofBackbone, weights, { scale, base }, directory);
    return writeValues(
      model.variables((stage) => stage === HEAD),
      weights,
      directory,
    );
  }
  const { saved, leftOut } = partVariables(model, (name) => !weights.has(name));
  checkTrainedOn({ trained: base, now: await baseDigest(leftOut) }, { what: 'weights', from: directory });
  await writeValues(saved, weights, directory);
}
