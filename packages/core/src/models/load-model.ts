import { RandomStream } from '../random/random-stream.ts';
import type { SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import type { Task } from '../tasks/task.ts';
import { readModel, type ModelCard } from './model-directory.ts';
import { TransferModel } from './transfer-model.ts';
import { writeValues } from './variable-values.ts';

/** Finds the parts that a card names. */
export interface ModelParts {
  readonly source: (id: string) => SourceDomain;
  readonly task: (id: string) => Task;
}

/**
 * Builds a saved model from its folder alone: the architecture from the plugin that has its
 * source, every weight from the folder. Nothing is fetched.
 *
 * @throws HeadstartError `model-invalid`, `weights-mismatch`, `unknown-name`
 */
export async function loadModel(
  directory: string,
  parts: ModelParts,
  runtime: SourceRuntime,
): Promise<{ card: ModelCard; task: Task; model: TransferModel }> {
  const saved = await readModel(directory);
  const { card, weights } = saved;
  const task = parts.task(card.task);
  const backbone = await parts.source(card.source.id).open(runtime, { weights: 'none', assets: (name) => saved.asset(name) });
  try {
    const model = new TransferModel(backbone, task.buildHead(backbone, card.labels, new RandomStream('unused')));
    writeValues(model.variables(), weights, directory);
    return { card, task, model };
  } catch (error) {
    backbone.dispose();
    throw error;
  }
}
