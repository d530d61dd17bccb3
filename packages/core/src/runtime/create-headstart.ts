import 'reflect-metadata';
import { join, resolve } from 'node:path';
import { container as root, type DependencyContainer } from 'tsyringe';
import { type Artifacts, createArtifacts, silentProgress, type Progress } from '@headstart/artifacts';
import { HeadstartError, type ErrorCode } from '@headstart/artifacts/errors';
import type { ModelInput } from '../domains/model-input.ts';
import type { FeatureStore } from '../data/feature-store.ts';
import { loadModel } from '../models/load-model.ts';
import { builtIn } from '../plugins/built-in.ts';
import { warnOfCopies } from '../plugins/copies.ts';
import type { Plugin } from '../plugins/plugin.ts';
import { Registries } from '../plugins/registries.ts';
import { setUpPlugin } from '../plugins/set-up.ts';
import { removeCheckpoint } from '../training/checkpoint.ts';
import { earlyStopping } from '../training/early-stopping.ts';
import type { RunEvents } from '../runs/events.ts';
import type { TransferRequest, TransferResult } from '../runs/request.ts';
import { Trainer } from '../training/trainer.ts';
import type { Transfer } from '../training/transfer.ts';
import type { Backend } from '../ports/backend.ts';
import { cacheRoot as defaultCacheRoot } from '@headstart/artifacts/storage';
import { Embedder } from './embed.ts';
import type { Headstart, LoadOptions } from './headstart.ts';
import { openPretrained } from './open-pretrained.ts';
import { openFeatureStore } from './open-feature-store.ts';
import { planTransfer, type PlannedTransfer } from './plan-transfer.ts';
import { checkRequest } from './check-request.ts';
import { choosePrecision } from '../ports/precision.ts';
import { createRunFile, discardUnstarted, readRunFile, removeRunFile, removeUnfinished } from './run-file.ts';
import { holdingRun } from './run-lock.ts';
import { withTaskOptions } from './task-options.ts';
import { ARTIFACTS, BACKEND, FEATURE_STORE, METRICS, PROGRESS, RUN_EVENTS, RUN_SIGNAL } from '../runs/tokens.ts';
import { CORE_VERSION } from '../ports/version.ts';
import { TrainedModel } from './trained-model.ts';

/** What a Headstart is composed of; only backend and plugins have no default. */
export interface HeadstartOptions {
  /** The process's backend; `openBackend()` of @headstart/backend gives one. */
  readonly backend: Backend;
  readonly plugins: readonly Plugin[];
  readonly progress?: Progress;
  /** Folder for artifacts and features; `cacheRoot()` where absent. `HEADSTART_FEATURES` moves the features alone, `HEADSTART_FEATURES_LIMIT` bounds them. */
  readonly cacheRoot?: string;
  readonly artifacts?: Artifacts;
}

interface RunOptions {
  readonly events?: Partial<RunEvents>;
  readonly signal?: AbortSignal;
}

/** Failures after which the run's folder stays as it is, even without a checkpoint. */
const KEPT = new Set<ErrorCode>(['interrupted', 'run-in-use']);

/** The options, with one more signal that ends the run. */
function endingBy(signal: AbortSignal, options: RunOptions): RunOptions {
  return { ...options, signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal };
}

/**
 * The composition root: sets up the plugins and wires the trainer. Nothing else resolves from the
 * container.
 *
 * @throws HeadstartError `plugin-*`, `invalid-option`
 */
export async function createHeadstart(options: HeadstartOptions): Promise<Headstart> {
  const { backend, plugins, progress = silentProgress, cacheRoot = defaultCacheRoot() } = options;
  const artifacts = options.artifacts ?? createArtifacts({ root: join(cacheRoot, 'artifacts'), progress });
  const registries = new Registries();
  const container = root.createChildContainer();
  container.registerInstance(BACKEND, backend);
  container.registerInstance(ARTIFACTS, artifacts);
  container.registerInstance(PROGRESS, progress);
  const store = openFeatureStore(cacheRoot);
  container.registerInstance(FEATURE_STORE, store);
  for (const plugin of [builtIn(), ...plugins]) setUpPlugin(plugin, registries, container);
  registries.checkMetricKinds();
  warnOfCopies();
  container.registerInstance(
    METRICS,
    registries.metrics.list().map(({ value }) => value),
  );
  return new ComposedHeadstart(container, registries, { backend, artifacts, store, progress });
}

class ComposedHeadstart implements Headstart {
  readonly backend: Backend;

  constructor(
    private readonly container: DependencyContainer,
    private readonly registries: Registries,
    private readonly services: {
      readonly backend: Backend;
      readonly artifacts: Artifacts;
      readonly store: FeatureStore;
      readonly progress: Progress;
    },
  ) {
    this.backend = services.backend;
  }

  sources = () => this.registries.sources.list();
  sourceSchemes = () => this.registries.schemes.list();
  readers = () => this.registries.readers.list();
  datasets = () => this.registries.datasets.list();
  tasks = () => this.registries.tasks.list();
  strategies = () => this.registries.strategies.list();
  metrics = () => this.registries.metrics.list();
  exporters = () => this.registries.exporters.list();

  async train(request: TransferRequest, options: RunOptions = {}): Promise<TransferResult> {
    const planned = await this.#plan(request, options);
    const { transfer } = planned;
    const { directory, runId, target } = transfer;
    return holdingRun(directory, async (takenOver) => {
      await createRunFile(directory, {
        runId,
        request: planned.request,
        fingerprint: target.fingerprint,
        backend: this.#backendDetails(),
      });
      return this.#run(transfer, endingBy(takenOver, options));
    });
  }

  async resume(directory: string, options: RunOptions = {}): Promise<TransferResult> {
    const folder = resolve(directory);
    await readRunFile(folder); // so that nothing is made where there is no run
    return holdingRun(folder, async (takenOver) => this.#resume(folder, endingBy(takenOver, options)));
  }

  async #resume(directory: string, options: RunOptions): Promise<TransferResult> {
    const run = await readRunFile(directory);
    const planned = await this.#plan({ ...run.request, out: directory }, options);
    const transfer = { ...planned.transfer, runId: run.runId };
    if (transfer.target.fingerprint !== run.fingerprint) {
      throw new HeadstartError({
        code: 'resume-mismatch',
        message: `The data of "${run.request.target}" has changed since the run in ${directory} began.`,
        hint: 'Put the data back as it was, or start a new run.',
      });
    }
    const changed = Object.entries(this.#backendDetails()).filter(([name, value]) => run.backend[name] !== value);
    for (const [name, value] of changed) {
      await options.events?.warning?.(
        `${name} was ${run.backend[name] ?? 'not set'} and is ${value} now: the result may differ in the last bits.`,
      );
    }
    await removeUnfinished(transfer.directory);
    return this.#run(transfer, options);
  }

  async #plan(request: TransferRequest, { events }: RunOptions): Promise<PlannedTransfer> {
    const { artifacts, progress } = this.services;
    checkRequest(request);
    // Before data is read, which may take long.
    const { precision, why } = choosePrecision(this.backend, request.precision);
    const planned = await planTransfer(this.registries, artifacts, progress, { ...request, precision });
    for (const choice of planned.choices) await events?.choice?.(choice);
    const { name, device, reason } = this.backend;
    await events?.choice?.({ what: 'backend', value: `${name} (${device})`, why: reason });
    if (precision !== 'float32') await events?.choice?.({ what: 'precision', value: precision, why });
    for (const { id, reason: why } of planned.transfer.target.skipped) await events?.warning?.(`Skipped ${id}: ${why}`);
    return planned;
  }

  /** One run in a container of its own, disposed with it. */
  async #run(
    transfer: Transfer,
    { events = {}, signal = new AbortController().signal }: RunOptions,
  ): Promise<TransferResult> {
    const { task, patience, directory } = transfer;
    const stopping = patience === undefined ? [] : [{ epochEnd: earlyStopping(task.monitor, patience) }];
    const container = this.container.createChildContainer();
    container.registerInstance<readonly Partial<RunEvents>[]>(RUN_EVENTS, [...stopping, events]);
    container.registerInstance(RUN_SIGNAL, signal);
    try {
      const result = await container.resolve(Trainer).run(transfer);
      await removeRunFile(directory);
      await removeCheckpoint(directory);
      return result;
    } catch (error) {
      if (!(HeadstartError.is(error) && KEPT.has(error.code))) await discardUnstarted(directory).catch(() => {}); // the failure itself is the one to tell
      throw error;
    } finally {
      container.clearInstances();
    }
  }

  #backendDetails(): Record<string, string> {
    const { name, device, details } = this.backend;
    return { name, device, ...details, headstart: CORE_VERSION };
  }

  async load<Prediction>(directory: string, { taskOptions = {} }: LoadOptions = {}): Promise<TrainedModel<Prediction>> {
    const parts = {
      source: (id: string) => this.registries.source(id),
      task: (id: string) => withTaskOptions(this.registries.task(id), taskOptions),
    };
    const folder = resolve(directory);
    const { card, task, model } = await loadModel(folder, parts, this.services);
    return new TrainedModel(folder, card, task, model, { ...this.services, registries: this.registries });
  }

  async pretrained<Prediction>(id: string, { taskOptions = {} }: LoadOptions = {}): Promise<TrainedModel<Prediction>> {
    const tasks = this.registries.tasks.list().map(({ value }) => value);
    const { card, task, model } = await openPretrained(this.registries.source(id), tasks, this.services);
    try {
      return new TrainedModel(id, card, withTaskOptions(task, taskOptions), model, {
        ...this.services,
        registries: this.registries,
      });
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  async embed(
    sourceId: string,
    inputs: readonly ModelInput[],
  ): Promise<{ shape: [number, number]; data: Float32Array }> {
    const source = this.registries.source(sourceId);
    const task = this.registries.embeddingTask(source.modality);
    const backbone = await source.open(this.services, { weights: 'published' });
    let embedder: Embedder | undefined;
    try {
      embedder = new Embedder(this.backend, backbone, task);
      return await embedder.embed(inputs, this.services.progress);
    } finally {
      embedder?.dispose();
      backbone.dispose();
    }
  }

  async close(): Promise<void> {
    await this.container.dispose();
    await this.backend.close();
  }
}
