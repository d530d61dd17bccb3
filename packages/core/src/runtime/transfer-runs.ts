import { resolve } from 'node:path';
import type { DependencyContainer } from 'tsyringe';
import { HeadstartError, type ErrorCode } from '@headstart/artifacts/errors';
import type { PluginVersion } from '../plugins/origin.ts';
import type { Registered } from '../plugins/registry.ts';
import type { Backend } from '../ports/backend.ts';
import { CORE_VERSION } from '../ports/version.ts';
import type { RunEvents } from '../runs/events.ts';
import type { TransferPlan } from '../runs/plan.ts';
import type { TransferRequest, TransferResult } from '../runs/request.ts';
import type { CrossValidatedResult, CrossValidationOptions } from '../runs/cross-validation.ts';
import type { RunSubscriberFactory } from '../runs/subscriber.ts';
import { hasCheckpoint, removeCheckpoint } from '../training/checkpoint.ts';
import type { EventBus } from '../training/event-bus.ts';
import { Trainer } from '../training/trainer.ts';
import type { Transfer } from '../training/transfer.ts';
import { announcePlan, stoppersOf } from './announce-plan.ts';
import { describePlan } from './describe-plan.ts';
import { checkedFolding, checkUnsplit } from './folds/folding.ts';
import { runFolds, type FoldedResult } from './folds/run-folds.ts';
import type { Headstart, RunOptions } from './headstart.ts';
import { planTransfer, type PlannedTransfer } from './plan-transfer.ts';
import {
  checkRunFolder,
  createRunFile,
  discardUnstarted,
  noteSourceFiles,
  readRunFile,
  removeRunFile,
  removeUnfinished,
  writeRunFile,
  type RunFile,
} from './run-file.ts';
import { holdingRun } from './run-lock.ts';
import { inRunScope, type RunScope } from './run-scope.ts';
import type { ModelServices } from './trained-model.ts';
import { OpenSources } from './trials/open-sources.ts';

/** Failures after which the run's folder stays as it is, even without a checkpoint. */
const KEPT = new Set<ErrorCode>(['interrupted', 'run-in-use']);

/** Runs transfers, each in its folder, which no other process may use meanwhile, and in a container of its own. */
export class TransferRuns {
  constructor(
    private readonly container: DependencyContainer,
    private readonly services: () => ModelServices,
    private readonly subscribers: readonly Registered<RunSubscriberFactory>[],
  ) {}

  async plan(request: TransferRequest): Promise<TransferPlan> {
    const services = this.services();
    return describePlan(await planTransfer(services, request), services, request.out);
  }

  async train(request: TransferRequest, options: RunOptions = {}): Promise<TransferResult> {
    const planned = await planTransfer(this.services(), request);
    return this.#begin(planned, options, () => Promise.resolve({}));
  }

  async crossValidate(
    request: TransferRequest,
    asked: CrossValidationOptions,
    options: RunOptions = {},
  ): Promise<CrossValidatedResult> {
    const folding = checkedFolding(request, asked);
    const services = this.services();
    const planned = await planTransfer(services, { ...request, split: [100, 0, 0] });
    checkUnsplit(planned);
    let folded: FoldedResult | undefined;
    const result = await this.#begin(planned, options, async (signal) => {
      const sources = new OpenSources();
      const parts = { container: this.container, registries: services.registries, sources };
      try {
        folded = await runFolds(parts, services, planned, folding, signal);
      } finally {
        sources.close();
      }
      return { crossValidation: folded.crossValidation };
    });
    return { ...result, ...folded! };
  }

  /** @param before what is done in the run's folder before training begins, and what the transfer has of it */
  #begin(
    planned: PlannedTransfer,
    options: RunOptions,
    before: (signal: AbortSignal) => Promise<Pick<Transfer, 'crossValidation'>>,
  ): Promise<TransferResult> {
    const { directory, runId, target, origins } = planned.transfer;
    const backend = backendDetails(this.services().backend);
    return holdingRun(directory, (takenOver) => {
      const ending = endingBy(takenOver, options);
      return this.#run(planned, ending, async () => {
        checkRunFolder(directory);
        const found = await before(ending.signal);
        const { request } = planned;
        const { fingerprint } = target;
        await createRunFile(directory, { runId, request, fingerprint, backend, plugins: origins, ...found });
        return found;
      });
    });
  }

  async resume(
    directory: string,
    { learningRate, ...options }: Parameters<Headstart['resume']>[1] = {},
  ): Promise<TransferResult> {
    const folder = resolve(directory);
    await readRunFile(folder); // so that nothing is made where there is no run
    return holdingRun(folder, async (takenOver) => {
      const begun = await readRunFile(folder);
      const run = learningRate === undefined ? begun : { ...begun, request: { ...begun.request, learningRate } };
      const { transfer, ...planned } = await planTransfer(this.services(), { ...run.request, out: folder });
      const resumed = { ...planned, transfer: { ...transfer, runId: run.runId } };
      return this.#run(resumed, endingBy(takenOver, options), async ({ events }) => {
        checkSameData(folder, run, transfer.target.fingerprint);
        const backend = backendDetails(this.services().backend);
        await warnOfChanges(events, run.backend, backend, 'the result may differ in the last bits');
        const plugins = run.plugins ? pluginsByPart(transfer.origins) : {};
        await warnOfChanges(events, pluginsByPart(run.plugins ?? {}), plugins, 'the result may differ');
        await removeUnfinished(folder);
        if (run !== begun) await writeRunFile(folder, run);
        return { crossValidation: run.crossValidation };
      });
    });
  }

  /** @param begin comes between the choices, which are reported, and the training, and gives what its transfer has of it */
  async #run(
    planned: PlannedTransfer,
    { events: handlers = {}, signal = new AbortController().signal }: RunOptions,
    begin: (scope: RunScope) => Promise<Pick<Transfer, 'crossValidation'>>,
  ): Promise<TransferResult> {
    const { transfer, request } = planned;
    const { runId, directory } = transfer;
    const run = { runId, directory, request };
    const noting: Partial<RunEvents> = { runStart: ({ sourceFiles = [] }) => noteSourceFiles(directory, sourceFiles) };
    const options = {
      run,
      handlers: [noting, ...stoppersOf(transfer), handlers],
      subscribers: this.subscribers,
      signal,
    };
    return inRunScope(this.container, options, async (scope) => {
      await announcePlan(scope.events, planned);
      const found = await begin(scope);
      try {
        const result = await scope.container.resolve(Trainer).run({ ...transfer, ...found });
        await removeRunFile(directory);
        await removeCheckpoint(directory);
        const { unlabelled } = planned.reading;
        return { ...result, ...(unlabelled && { unlabelled }) };
      } catch (error) {
        if (!(error instanceof HeadstartError && KEPT.has(error.code)))
          await discardUnstarted(directory).catch(() => {}); // the failure itself is the one to report
        throw offeringCheckpoint(error, directory);
      }
    });
  }
}

/** The error of a run that diverged with what its last checkpoint is good for: no number in it is anything but finite. */
function offeringCheckpoint(error: unknown, directory: string): unknown {
  if (!HeadstartError.is(error) || error.code !== 'diverged' || !hasCheckpoint(directory)) return error;
  const { code, message, hint } = error;
  const command = `headstart train --resume ${directory} --learning-rate <rate>`;
  return new HeadstartError({
    code,
    message,
    hint: `${hint} The last checkpoint is from before that, and kept; go on from it with a lower rate: ${command}`,
    cause: error,
  });
}

/** The options, with one more signal that ends the run. */
function endingBy(signal: AbortSignal, options: RunOptions): RunOptions & { readonly signal: AbortSignal } {
  return { ...options, signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal };
}

function backendDetails({ name, device, details }: Backend): Record<string, string> {
  return { name, device, ...details, headstart: CORE_VERSION };
}

/** @throws HeadstartError `resume-mismatch` */
function checkSameData(directory: string, run: RunFile, fingerprint: string): void {
  if (fingerprint === run.fingerprint) return;
  throw new HeadstartError({
    code: 'resume-mismatch',
    message: `The data of "${run.request.target}" has changed since the run in ${directory} began.`,
    hint: 'Put the data back as it was, or start a new run.',
  });
}

function pluginsByPart(plugins: Readonly<Record<string, PluginVersion>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(plugins).map(([part, { plugin, version }]) => [`The plugin of the ${part}`, `${plugin} ${version}`]),
  );
}

async function warnOfChanges(
  events: EventBus,
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  so: string,
): Promise<void> {
  for (const [name, value] of Object.entries(now)) {
    if (before[name] === value) continue;
    await events.emit('warning', `${name} was ${before[name] ?? 'not set'} and is ${value} now: ${so}.`);
  }
}
