import type { Artifacts, Progress } from '@headstart/artifacts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { SourceDomain } from '../domains/source-domain.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { Task } from '../tasks/task.ts';
import { BOTTLENECK, bottleneckOn, withBottleneck } from '../network/bottleneck.ts';
import type { Backbone } from '../network/backbone.ts';
import type { Head } from '../network/head.ts';
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

/**
 * The backbone as the strategy wants it (published weights, or fresh ones; a bottleneck on it) with the task's head, or of a
 * source-free strategy the source's own.
 * @throws HeadstartError `not-supported` for a bottleneck below a head that is no classifier
 */
export async function openTransferModel<S extends Sample>(options: OpenTransferModel<S>): Promise<TransferModel> {
  const { source, task, strategy, labels, random, artifacts, progress } = options;
  const fromScratch = strategy.start === 'random';
  if (strategy.bottleneck || strategy.sourceFree) checkClassifies(task, strategy);
  let backbone = await source.open({ artifacts, progress }, { weights: fromScratch ? 'none' : 'published' });
  try {
    if (fromScratch) for (const stage of backbone.stages) stage.initialise(random.child('initialise', stage.name));
    if (strategy.bottleneck) {
      const plan = bottleneckOn(backbone, strategy.bottleneck);
      backbone = withBottleneck(backbone, plan, random.child('initialise', BOTTLENECK));
    }
    if (strategy.sourceFree) return new TransferModel(backbone, trainedHead(backbone));
    return new TransferModel(backbone, task.buildHead(backbone, labels, random.child('initialise', 'head')));
  } catch (error) {
    backbone.dispose();
    throw error;
  }
}

/** The head that the source was trained with, as it is. */
function trainedHead({ sourceHead }: Backbone): Head {
  if (sourceHead) return sourceHead.stage;
  throw new HeadstartError({
    code: 'internal',
    message: 'A source-free strategy was given a source without a head.',
    hint: 'Give it a model that was trained: --source model:<folder>.',
  });
}

function checkClassifies(
  { id, weighsClasses, adaptation }: Pick<Task, 'id' | 'weighsClasses' | 'adaptation'>,
  strategy: Strategy,
): void {
  if (weighsClasses === 'one') return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The strategy "${strategy.id}" adapts classifiers of samples with one class each; the task "${id}" is none.`,
    hint: adaptation
      ? `Choose one of its own: --strategy ${adaptation.strategies.map((own) => own.id).join(', ')}.`
      : 'Choose another --strategy, or a task such as image-classification or text-classification.',
  });
}
