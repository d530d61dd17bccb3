import type { Artifacts, Progress } from '@headstart/artifacts';
import type { SourceDomain } from '../domains/source-domain.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { Task } from '../tasks/task.ts';
import { TransferModel } from '../network/transfer-model.ts';

export interface OpenTransferModel<S extends Sample> {
  readonly source: SourceDomain;
  readonly task: Task<S>;
  readonly strategy: Strategy;
  readonly labels: readonly string[];
  readonly random: RandomStream;
  readonly artifacts: Artifacts;
  readonly progress: Progress;
}

/** The backbone as the strategy wants it (published weights, or fresh ones) with the task's head. */
export async function openTransferModel<S extends Sample>(options: OpenTransferModel<S>): Promise<TransferModel> {
  const { source, task, strategy, labels, random, artifacts, progress } = options;
  const fromScratch = strategy.start === 'random';
  const backbone = await source.open({ artifacts, progress }, { weights: fromScratch ? 'none' : 'published' });
  try {
    if (fromScratch) for (const stage of backbone.stages) stage.initialise(random.child('initialise', stage.name));
    return new TransferModel(backbone, task.buildHead(backbone, labels, random.child('initialise', 'head')));
  } catch (error) {
    backbone.dispose();
    throw error;
  }
}
