import { abs, max, reshape, sub, tensor, tidy } from '@tensorflow/tfjs-core';
import type { SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone } from '../network/backbone.ts';
import type { UnsavedCard } from '../models/card-schema.ts';
import type { Tensors } from '../network/tensors.ts';
import { disposeStages } from '../network/stage.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Task } from '../tasks/task.ts';
import { trainingOptions } from '../options/transfer-options.ts';
import { CORE_VERSION } from '../ports/version.ts';

/** Outputs are of order 10, of the same weights and added up in another order. */
const SAME = 1e-3;

/**
 * A source with the head that it was published with, as a model: on the source's own labels a task that can keep
 * classes takes over what its head knows, and nothing remains to be trained.
 *
 * @param tasks the first of the source's modality that keeps classes and says what the source's head says is taken
 * @throws HeadstartError `not-supported` where the source brings no such head; those of `open`
 */
export async function openPretrained(
  source: SourceDomain,
  tasks: readonly Task[],
  runtime: SourceRuntime,
): Promise<{ card: UnsavedCard; task: Task; model: TransferModel }> {
  const fitting = tasks.filter((each) => each.modality === source.modality && each.keepClasses !== undefined);
  const backbone = await source.open(runtime, { weights: 'published' });
  const labels = backbone.sourceHead?.labels ?? [];
  for (const task of labels.length === 0 ? [] : fitting) {
    const model = modelOf(task, backbone, labels);
    if (model === undefined) continue;
    if (await takesOver(model)) return { card: cardOf(source, backbone, task.id, labels), task, model };
    disposeStages([model.head]);
  }
  backbone.dispose();
  throw withoutPredictions(source.id);
}

/** Nothing where the task has no head for such a backbone. */
function modelOf(task: Task, backbone: Backbone, labels: readonly string[]): TransferModel | undefined {
  try {
    return new TransferModel(backbone, task.buildHead(backbone, labels, new RandomStream('unused')));
  } catch (error) {
    if (error instanceof HeadstartError) return undefined;
    throw error;
  }
}

/** Whether the task's head says what the source's says, of an input that means nothing. */
async function takesOver({ backbone, head }: TransferModel): Promise<boolean> {
  const difference = tidy(() => {
    const inputs = Object.entries(backbone.input.tensors).map(([name, { shape, dtype }]) => {
      const size = shape.reduce((product, side) => product * side, 1);
      return [
        name,
        reshape(
          tensor(
            Array.from({ length: size }, (_, i) => (dtype === 'float32' ? Math.sin(i) : 0)),
            [size],
            dtype,
          ),
          [1, ...shape],
        ),
      ];
    });
    const features = backbone.stages.reduce<Tensors>(
      (tensors, stage) => stage.forward(tensors, { training: false }),
      Object.fromEntries(inputs) as Tensors,
    );
    const [own, published] = [head, backbone.sourceHead!.stage].map((stage) =>
      stage.forward(features, { training: false }),
    ) as [Tensors, Tensors];
    const shared = Object.keys(published).filter((name) => own[name] && own[name] !== features[name]);
    if (shared.length === 0 || shared.some((name) => own[name]!.shape.join() !== published[name]!.shape.join()))
      return undefined;
    return shared.map((name) => max(abs(sub(own[name]!, published[name]!))));
  });
  if (!difference) return false;
  const largest = await Promise.all(difference.map(async (each) => (await each.data<'float32'>())[0]!));
  difference.forEach((each) => each.dispose());
  return largest.every((each) => each < SAME);
}

/** Splits data that have none as `train` does when nothing else is asked for. */
function cardOf(
  { id, card }: SourceDomain,
  { architecture }: Backbone,
  task: string,
  labels: readonly string[],
): UnsavedCard {
  return {
    task,
    labels: [...labels],
    source: { id, architecture, licence: card.licence },
    target: { id: card.trainedOn, fingerprint: 'published' },
    strategy: 'none',
    seed: 0,
    training: { split: [...trainingOptions.split.default], shots: null, phases: [] },
    metrics: {},
    backend: {},
    headstart: CORE_VERSION,
  };
}

function withoutPredictions(source: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The source "${source}" predicts nothing as it is: it brings no head with labels that a task takes over.`,
    hint: `Train a head on your data first: headstart train <data> --source ${source}.`,
  });
}
