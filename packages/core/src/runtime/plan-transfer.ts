import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { TargetDomain } from '../domains/target-domain.ts';
import { epochSamples } from '../domains/unlabelled.ts';
import { anyStrategy } from '../plugins/references.ts';
import { settleLength, type AskedLength, type TrainingLength } from '../options/training-length.ts';
import { withDefaults, type WithDefaults } from '../options/transfer-options.ts';
import { originsOf } from '../plugins/origin.ts';
import { choosePrecision, type Precision } from '../ports/precision.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { ReadingReport } from '../runs/reading-report.ts';
import type { TransferRequest } from '../runs/request.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import type { Transfer } from '../training/transfer.ts';
import { augmentationOf } from './augmentation-of.ts';
import { checkRequest } from './check-request.ts';
import { checkSelection } from './check-selection.ts';
import { settleBalance } from './class-balance.ts';
import { judgeDomain } from './judge-domain.ts';
import { labelledData } from './labelled-data.ts';
import type { PlanServices } from './learned-data.ts';
import { headChoice, retainedClassesOf } from './retained-classes.ts';
import { sourceFreeData } from './source-free-data.ts';

/** A request with every choice filled in. */
export type SettledRequest = Omit<WithDefaults<TransferRequest>, 'precision'> & { precision: Precision };

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
  const { backend, registries } = services;
  const request = withDefaults(asked);
  const { precision, why: precisionReason } = choosePrecision(backend, request.precision);
  const { seed } = request;
  // Names and precision are checked before data is read, which may take long.
  const wantedSource = request.source === undefined ? undefined : registries.source(request.source);
  const wantedStrategy = request.strategy === undefined ? undefined : anyStrategy(registries, request.strategy);
  const wantedTask = request.task === undefined ? undefined : registries.task(request.task);

  const wanted = { source: wantedSource, strategy: wantedStrategy, task: wantedTask };
  const learned = wantedStrategy?.sourceFree
    ? await sourceFreeData(services, asked, wantedStrategy, wantedSource)
    : await labelledData(services, request, wanted);
  const { task, source, strategy, target, known, adapted } = learned;
  const { augmentation, why: augmentationReason } = augmentationOf(task, strategy, request);
  checkSelection(request, learned);
  const judge = await judgeDomain(services, request, learned);
  const settledFor = (own: TargetDomain) => ({
    balance: settleBalance(task, own, request),
    length: lengthOf(task, strategy, epochSamples(own).length, request),
  });
  const { balance, length } = settledFor(target);
  const retainedClasses = known && retainedClassesOf(target, known);
  const { epochs, batchSize } = length;
  const origins = originsOf(registries, {
    task: task.id,
    source: source.id,
    strategy: strategy.id,
    reader: learned.reader ?? learned.location,
  });
  const runId = newRunId(target.id, strategy.id, seed);
  const settled = {
    ...request,
    target: learned.location,
    ...(adapted && { adapt: adapted.reading.target }),
    task: task.id,
    source: source.id,
    strategy: strategy.id,
    reader: learned.reader,
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
    reading: {
      warnings: learned.warnings,
      passedOver: learned.passedOver,
      cleaned: learned.cleaned,
      ...(learned.unlabelled && { unlabelled: learned.unlabelled }),
    },
    transfer: {
      ...settled,
      runId,
      directory: settled.out,
      source,
      target,
      task: balance.task,
      lossWeights: balance.lossWeights,
      strategy,
      judge,
      retainedClasses,
      origins,
    },
    choices: [
      learned.read,
      {
        what: 'task',
        value: task.id,
        why: request.task === task.id ? 'asked for' : `default for this ${strategy.sourceFree ? 'model' : 'data'}`,
      },
      { what: 'source', value: source.id, why: request.source ? 'asked for' : `default for ${task.id}` },
      {
        what: 'strategy',
        value: strategy.id,
        why: request.strategy ? 'asked for' : `default for ${task.id}${adapted ? ' with samples to adapt to' : ''}`,
      },
      { what: 'epochs', value: String(epochs), why: length.why.epochs },
      { what: 'batch', value: String(batchSize), why: length.why.batchSize },
      { what: 'augmentation', value: augmentation, why: augmentationReason },
      ...groupChoice(target, request),
      ...balance.choices,
      ...(adapted ? [adapted.choice] : []),
      ...(judge
        ? [
            {
              what: 'judge',
              value: `${judge.samples.length} samples of ${judge.id}`,
              why: 'asked for; beside the choice of epochs, never used',
            } as const,
          ]
        : []),
      ...(request.select ? [{ what: 'epoch', value: request.select, why: 'asked for' } as const] : []),
      ...(retainedClasses
        ? [
            {
              what: 'classes',
              value: `${retainedClasses.length} kept, ${target.labels.length - retainedClasses.length} learned`,
              why: `those of ${source.id} stay`,
            } as const,
          ]
        : (learned.head ?? headChoice(source, task, target.labels, strategy))),
      { what: 'backend', value: `${backend.name} (${backend.device})`, why: backend.reason },
      ...(precision === 'float32' ? [] : [{ what: 'precision', value: precision, why: precisionReason } as const]),
    ],
  };
}

/** That groups were kept together, and by what they were told. */
function groupChoice(
  { grouping }: TargetDomain,
  { groupColumn, groupBy }: Pick<TransferRequest, 'groupColumn' | 'groupBy'>,
): ResolvedChoice[] {
  if (!grouping) return [];
  const by =
    groupBy !== undefined
      ? `told by ${groupBy}`
      : groupColumn !== undefined
        ? `told by the column "${groupColumn}"`
        : 'told by the data';
  return [{ what: 'groups', value: `${grouping.groups}, each in one split`, why: by }];
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
