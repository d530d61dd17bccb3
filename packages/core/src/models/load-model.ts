import { RandomStream } from '../random/random-stream.ts';
import type { OpenOptions, SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import { HEAD } from '../network/head.ts';
import type { Task } from '../tasks/task.ts';
import { applyAdapters } from '../network/adapters.ts';
import { readModel, type ModelCard } from './model-directory.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { writeValues } from '../network/variable-values.ts';

/** Finds the parts that a card names. */
export interface ModelParts {
  readonly source: (id: string) => SourceDomain;
  readonly task: (id: string) => Task;
}

/** The id of the source that has a saved model's architecture. */
export function originOf({ source }: ModelCard): string {
  return source.origin ?? source.id;
}

/**
 * Builds a saved model from its folder alone: the architecture from the plugin that has its
 * source (that of the first, where it was trained on another model), every weight from the folder. Nothing is fetched, unless the folder has adapters alone: these are
 * put on the source's published weights.
 *
 * @throws HeadstartError `model-invalid`, `weights-mismatch`, `unknown-name`, `artifact-*`
 */
export async function loadModel(
  directory: string,
  parts: ModelParts,
  runtime: SourceRuntime,
): Promise<{ card: ModelCard; task: Task; model: TransferModel }> {
  const saved = await readModel(directory);
  const { card, weights, adaptersAlone } = saved;
  const task = parts.task(card.task);
  const options: OpenOptions = adaptersAlone
    ? { weights: 'published' }
    : { weights: 'none', assets: (name) => saved.asset(name) };
  const backbone = await parts.source(adaptersAlone ? card.source.id : originOf(card)).open(runtime, options);
  try {
    const model = new TransferModel(backbone, task.buildHead(backbone, card.labels, new RandomStream('unused')));
    if (adaptersAlone)
      await applyAdapters(
        model.variables((stage) => stage !== HEAD),
        weights,
        card.adapters!,
        directory,
      );
    writeValues(
      model.variables((stage) => !adaptersAlone || stage === HEAD),
      weights,
      directory,
    );
    return { card, task, model };
  } catch (error) {
    backbone.dispose();
    throw error;
  }
}
