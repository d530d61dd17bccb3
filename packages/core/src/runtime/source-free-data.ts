import { HeadstartError } from '@headstart/artifacts/errors';
import { isDeepStrictEqual } from 'node:util';
import type { SourceDomain } from '../domains/source-domain.ts';
import { unlabelledTarget } from '../domains/unlabelled.ts';
import { transferOptions, type TransferOption } from '../options/transfer-options.ts';
import type { TransferRequest } from '../runs/request.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { LearnedData, PlanServices } from './learned-data.ts';
import { readUnlabelled } from './read-unlabelled.ts';

/** What is about labelled samples, and has no part where there are none. */
const OF_LABELLED = [
  'keepClasses',
  'clean',
  'strict',
  'shots',
  'split',
  'labelSmoothing',
  'classWeights',
  'sampling',
  'patience',
  'calibrate',
  'tuneThresholds',
] as const satisfies readonly (keyof typeof transferOptions)[];

/**
 * The samples that a source-free strategy learns from, which are the target, with the task and the classes of the model that it starts from.
 * @throws HeadstartError `invalid-option` for a source that is no trained model, and for options about labelled samples;
 * `not-supported` for a model whose labels were merged; those of reading
 */
export async function sourceFreeData(
  services: PlanServices,
  request: TransferRequest,
  strategy: Strategy,
  source: SourceDomain | undefined,
): Promise<LearnedData> {
  const { registries, progress } = services;
  const { target: wanted, reader, skipBad = false, readerOptions: options = {} } = request;
  checkOptions(request, strategy);
  const { labels, task: trainedFor } = trainedOf(source, strategy);
  const task = registries.task(trainedFor);
  if (request.task !== undefined && registries.task(request.task).id !== task.id) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The model ${source!.id} is one of ${task.id}, and the task asked for is "${request.task}".`,
      hint: 'Leave out --task: that of the model is taken.',
    });
  }
  const read = await readUnlabelled(
    services,
    wanted,
    { task, labels, madeFor: task.id },
    { skipBad, options, progress, reader, of: 'target' },
  );
  const classes = `${labels.length} of ${source!.id}`;
  return {
    task,
    source: source!,
    strategy,
    target: unlabelledTarget(read.data, labels),
    location: read.reading.target,
    reader: read.reader,
    read: { what: 'reader', value: read.data.reader, why: read.choice.why },
    head: [{ what: 'classes', value: classes, why: 'its head stays' }],
    unlabelled: read.reading,
    warnings: [],
    passedOver: [],
    cleaned: [],
  };
}

function trainedOf(source: SourceDomain | undefined, { id }: Strategy): NonNullable<SourceDomain['trained']> {
  const hint = `Name the folder of one that you trained: --source model:<folder> --strategy ${id}.`;
  if (!source?.trained) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: source
        ? `The strategy "${id}" adapts a model that was trained on labelled samples; the source "${source.id}" is none.`
        : `The strategy "${id}" adapts a model that was trained on labelled samples, and no source is named.`,
      hint,
    });
  }
  if (!source.trained.merged) return source.trained;
  throw new HeadstartError({
    code: 'not-supported',
    message: `Labels of ${source.id} were merged since it was trained; the strategy "${id}" keeps the head as it was.`,
    hint: 'Adapt the model as it was trained, and merge the labels of what comes of it.',
  });
}

/** @throws HeadstartError `invalid-option` */
function checkOptions(request: TransferRequest, { id }: Strategy): void {
  if (request.adapt !== undefined) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The strategy "${id}" learns from unlabelled samples alone, and both a target and samples to adapt to are given.`,
      hint: `Give the latter as the target: headstart train ${request.adapt} --source model:<folder> --strategy ${id}. Or choose a strategy that learns from both, such as mdd.`,
    });
  }
  const given = OF_LABELLED.find((name) => {
    const { default: usual }: TransferOption = transferOptions[name];
    return request[name] !== undefined && request[name] !== false && !isDeepStrictEqual(request[name], usual);
  });
  if (given === undefined) return;
  const flag = transferOptions[given].flag.split(' ')[0]!;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The option "${given}" is about labelled samples; the strategy "${id}" learns from unlabelled ones alone.`,
    hint: `Leave out ${given === 'split' ? '--split, or --folds' : flag}.`,
  });
}
