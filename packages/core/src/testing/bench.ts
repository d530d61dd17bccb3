import { createArtifacts, silentProgress } from '@headstart/artifacts';
import type { Encoder } from '../data/encoder.ts';
import type { OpenOptions, SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import type { Sample, TargetData } from '../domains/target-domain.ts';
import type { Backbone } from '../network/backbone.ts';
import type { Head } from '../network/head.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Task } from '../tasks/task.ts';

/** A network with a task's head on it, not trained, and samples for it. */
export interface Bench {
  readonly task: Task;
  readonly target: TargetData;
  /** A few of the target. */
  readonly samples: readonly Sample[];
  readonly labels: readonly string[];
  readonly backbone: Backbone;
  readonly head: Head;
  readonly model: TransferModel;
  readonly encoder: Encoder;
  dispose(): void;
}

const SAMPLES = 6;

/** What sources are opened with where nothing else gives it. */
export const sourceRuntime = (): SourceRuntime => ({ artifacts: createArtifacts(), progress: silentProgress });

/** The stream by which a bench's head is drawn. */
export const headStream = () => new RandomStream('conformance').child('head');

/** The caller disposes of it. */
export async function openBench(of: {
  readonly source: SourceDomain;
  readonly task: Task;
  readonly target: TargetData;
  readonly weights?: OpenOptions['weights'];
}): Promise<Bench> {
  const { source, task, target, weights = 'published' } = of;
  const { labels } = target;
  const backbone = await source.open(sourceRuntime(), { weights });
  if (weights === 'none')
    for (const stage of backbone.stages) stage.initialise(new RandomStream('conformance').child(stage.name));
  const head = task.buildHead(backbone, labels, headStream());
  const model = new TransferModel(backbone, head);
  const step = Math.max(1, Math.floor(target.samples.length / SAMPLES));
  const samples = target.samples.filter((_, i) => i % step === 0).slice(0, SAMPLES);
  return {
    task,
    target,
    labels,
    backbone,
    head,
    model,
    samples: samples.map(({ sample }) => sample),
    encoder: task.encoder({ backbone, labels, augmentation: 'none' }),
    dispose: () => model.dispose(),
  };
}
