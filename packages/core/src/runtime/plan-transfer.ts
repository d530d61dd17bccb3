import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Progress } from '@headstart/artifacts';
import { checkLabelled } from '../inspection/check-labelled.ts';
import { adaptingTo } from '../domains/unlabelled.ts';
import { readUnlabelled } from './read-unlabelled.ts';
import { HeadstartError, unknownName } from '@headstart/artifacts/errors';
import { originsOf } from '../plugins/origin.ts';
import { named } from '../plugins/owner.ts';
import { defaultSource, defaultStrategy } from '../plugins/references.ts';
import { settleLength, type AskedLength, type TrainingLength } from '../options/training-length.ts';
import { withDefaults, type WithDefaults } from '../options/transfer-options.ts';
import type { TargetDomain } from '../domains/target-domain.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import type { TransferRequest } from '../runs/request.ts';
import type { Transfer } from '../training/transfer.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { ReadingReport } from '../runs/reading-report.ts';
import { checkStrict, lookOver } from './look-over.ts';
import { forgetting } from './memo.ts';
import { prepareTarget, viewOf } from './prepare-target.ts';
import type { ReadServices } from './read-target.ts';
import { balanced, splitPrepared } from './split-prepared.ts';
import { settleBalance } from './class-balance.ts';
import { checkRequest } from './check-request.ts';
import { checkSelection } from './check-selection.ts';
import { besideSourceClasses, checkKeeping, headChoice, retainedClassesOf, sourceLabels } from './retained-classes.ts';
import type { Backend } from '../ports/backend.ts';
import { choosePrecision, type Precision } from '../ports/precision.ts';

/** A request with every choice filled in. */
export type SettledRequest = Omit<WithDefaults<TransferRequest>, 'precision'> & { precision: Precision };

/** What planning works with. */
export interface PlanServices extends ReadServices {
  readonly backend: Pick<Backend, 'name' | 'device' | 'reason' | 'precisions'>;
  readonly progress: Progress;
}

/** A request that has become a transfer. */
export interface PlannedTransfer {
  readonly transfer: Transfer;
  /** The request with every choice filled in, so that new defaults do not change a resumed run. */
  readonly request: SettledRequest;
  /** Every choice, made by the request or by default. */
  readonly choices: readonly ResolvedChoice[];
  /** How the data were read, beside what became samples. */
  readonly reading: ReadingReport;
  /** What follows from the training samples, settled anew for others of the same labels: those of a fold. */
  readonly learningFrom: (target: TargetDomain) => Pick<Transfer, 'epochs' | 'batchSize' | 'lossWeights'>;
}

/**
 * Turns a request into a transfer: reads and splits the target, and fills in what was not said.
 * @throws HeadstartError `target-*`, `unknown-name`, `invalid-option`, `not-supported`
 */
export async function planTransfer(services: PlanServices, asked: TransferRequest): Promise<PlannedTransfer> {
  checkRequest(asked);
  const { backend, registries, artifacts, progress, memo = forgetting } = services;
  const request = withDefaults(asked);
  const { precision, why: precisionReason } = choosePrecision(backend, request.precision);
  const { skipBad = false, readerOptions: options = {}, seed } = request;
  // Names and precision are checked before data is read, which may take long.
  const wantedSource = request.source === undefined ? undefined : registries.source(request.source);
  const wantedStrategy = request.strategy === undefined ? undefined : registries.strategy(request.strategy);
  const wantedTask = request.task === undefined ? undefined : registries.task(request.task);

  if (request.keepClasses) checkKeeping(wantedTask, wantedStrategy);

  const { read, data: prepared, cleaned, task } = await prepareTarget(services, request);
  checkLabelled(prepared);
  if (!request.keepClasses) task.check(prepared);
  const source = wantedSource ?? defaultSource(registries, task);
  if (source.modality !== task.modality) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${named('source', source)}: it is for ${source.modality} data; the task "${task.id}" is about ${task.modality} data.`,
      hint: `Choose a source for ${task.modality} data: headstart sources.`,
    });
  }
  const adapting = request.adapt !== undefined;
  const strategy = wantedStrategy ?? defaultStrategy(registries, task, { adapting });
  const augmentation = request.augmentation ?? task.defaults.augmentation;
  task.checkAugmentation?.(augmentation);
  if (!task.checkAugmentation && !task.augmentations.includes(augmentation))
    throw unknownName('augmentation', augmentation, task.augmentations);
  if (request.keepClasses) checkKeeping(task, strategy);
  const { data, known } = request.keepClasses
    ? besideSourceClasses(
        prepared,
        source,
        await memo(['labels', source.id], () => sourceLabels(source, { artifacts, progress })),
      )
    : { data: prepared };
  if (known) task.check(data, { known });
  const labelled = splitPrepared(data, request);
  const looked = { data, splits: labelled.splits, view: viewOf(task), source, clean: request.clean };
  const thorough = request.strict ?? false;
  const overlook = ['look over', read.location, labelled.fingerprint, source.id, request.clean, thorough];
  const { warnings } = await memo(overlook, () => lookOver(looked, { thorough, runtime: { artifacts, progress } }));
  if (request.strict) checkStrict(data, warnings);
  const adapted =
    request.adapt === undefined
      ? undefined
      : await readUnlabelled(services, request.adapt, { task, labels: data.labels }, { skipBad, options, progress });
  const target = adapted ? adaptingTo(labelled, adapted.data) : labelled;
  checkSelection(request, task);
  const settledFor = (own: TargetDomain) => ({
    balance: settleBalance(task, own, request),
    length: lengthOf(task, strategy, own.splits.train.length, request),
  });
  const { balance, length } = settledFor(target);
  const retainedClasses = known && retainedClassesOf(target, known);
  const { epochs, batchSize } = length;
  const origins = originsOf(registries, {
    task: task.id,
    source: source.id,
    strategy: strategy.id,
    reader: read.reader ?? read.location,
  });
  const runId = newRunId(target.id, strategy.id, seed);
  const settled = {
    ...request,
    target: read.location,
    ...(adapted && { adapt: adapted.location }),
    task: task.id,
    source: source.id,
    strategy: strategy.id,
    reader: read.reader,
    epochs,
    // Epochs say the same, and a resume takes either.
    steps: undefined,
    batchSize,
    precision,
    augmentation,
    out: resolve(request.out ?? `runs/${runId}`),
  };
  return {
    request: settled,
    learningFrom(own) {
      const {
        balance: { lossWeights },
        length: { epochs, batchSize },
      } = settledFor(own);
      return { epochs, batchSize, lossWeights };
    },
    reading: { warnings, passedOver: data.notes?.passedOver ?? [], cleaned: [...cleaned, ...balanced(labelled)] },
    transfer: {
      ...settled,
      runId,
      directory: settled.out,
      source,
      target,
      task: balance.task,
      lossWeights: balance.lossWeights,
      strategy,
      retainedClasses,
      origins,
    },
    choices: [
      read.choice,
      { what: 'task', value: task.id, why: request.task === task.id ? 'asked for' : 'default for this data' },
      { what: 'source', value: source.id, why: request.source ? 'asked for' : `default for ${task.id}` },
      {
        what: 'strategy',
        value: strategy.id,
        why: request.strategy ? 'asked for' : `default for ${task.id}${adapting ? ' with samples to adapt to' : ''}`,
      },
      { what: 'epochs', value: String(epochs), why: length.why.epochs },
      { what: 'batch', value: String(batchSize), why: length.why.batchSize },
      { what: 'augmentation', value: augmentation, why: request.augmentation ? 'asked for' : `default for ${task.id}` },
      ...balance.choices,
      ...(adapted ? [adapted.choice] : []),
      ...(request.select ? [{ what: 'epoch', value: request.select, why: 'asked for' } as const] : []),
      ...(retainedClasses
        ? [
            {
              what: 'classes',
              value: `${retainedClasses.length} kept, ${target.labels.length - retainedClasses.length} learned`,
              why: `those of ${source.id} stay`,
            } as const,
          ]
        : headChoice(source, task, target.labels, strategy)),
      { what: 'backend', value: `${backend.name} (${backend.device})`, why: backend.reason },
      ...(precision === 'float32' ? [] : [{ what: 'precision', value: precision, why: precisionReason } as const]),
    ],
  };
}

/** As long as is asked for, or as is usual for the task and the strategy on so many samples. */
function lengthOf(task: Task, strategy: Strategy, samples: number, asked: AskedLength): TrainingLength {
  const budget = task.budget?.(strategy.id, samples);
  const origin = budget ? `${task.id} by ${strategy.id}` : strategy.id;
  return settleLength(asked, budget ?? strategy.defaults, samples, origin);
}

/** Names in the order of time; what is drawn keeps runs apart that begin in the same second, on whatever machines. */
function newRunId(target: string, strategy: string, seed: number): string {
  const inName = (id: string) =>
    id
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  const name = inName(target) || 'target';
  const now = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${name}-${inName(strategy)}-seed${seed}-${now}-${randomBytes(4).toString('hex')}`;
}
