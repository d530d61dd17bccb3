import 'reflect-metadata';
import { join, resolve } from 'node:path';
import { container as root, type DependencyContainer } from 'tsyringe';
import { HeadstartError } from '@headstart/artifacts/errors';
import { type Artifacts, createArtifacts, silentProgress, type Progress } from '@headstart/artifacts';
import type { ModelInput } from '../domains/model-input.ts';
import { cacheRoot as defaultCacheRoot } from '@headstart/artifacts/storage';
import { loadModel } from '../models/load-model.ts';
import type { ModelParts } from '../models/model-parts.ts';
import type { LabelChanges } from '../models/new-labels.ts';
import { builtIn } from '../plugins/built-in.ts';
import { warnOfCopies } from '../plugins/copies.ts';
import { howToGet, knownOffers, type PackageOffer } from '../plugins/package-offer.ts';
import type { PluginFailure } from '../plugins/plugin-failure.ts';
import type { Plugin } from '../plugins/plugin.ts';
import { Registries } from '../plugins/registries.ts';
import { Services } from '../plugins/services.ts';
import { refuseSecond, setUpPlugin } from '../plugins/set-up.ts';
import { namedValues, oneOf } from '../options/value-kinds.ts';
import { INFERENCE_CHOICES } from './inference/choose-inference.ts';
import type { Backend } from '../ports/backend.ts';
import type { CrossValidationOptions } from '../runs/cross-validation.ts';
import type { TransferRequest } from '../runs/request.ts';
import { ARTIFACTS, BACKEND, FEATURE_STORE, METRICS, PROGRESS } from '../runs/tokens.ts';
import { checkOptions } from './check-options.ts';
import { decidingBy } from './deciding.ts';
import { checkEmbedding, Embedder } from './embed.ts';
import type { EmbedOptions, Embeddings, Headstart, LoadOptions, RunOptions } from './headstart.ts';
import { inspectTarget, type InspectOptions, type InspectRequest } from './inspect-target.ts';
import { viewSamples, type ViewRequest } from './view-samples.ts';
import { openFeatureStore } from './open-feature-store.ts';
import { Lifetime } from './lifetime.ts';
import { openPretrained } from './open-pretrained.ts';
import { checkTarget } from './predict-target.ts';
import { rankSources } from './ranking/rank-sources.ts';
import type { RankRequest } from './ranking/ranking.ts';
import { relabelModel } from './relabel-model.ts';
import { openOf, shareBackend } from './shared-backend.ts';
import { withTaskOptions } from './task-options.ts';
import { TrainedModel, type ModelServices } from './trained-model.ts';
import { TransferRuns } from './transfer-runs.ts';
import { Trials } from './trials/trial-session.ts';

/** What a Headstart is composed of; only backend and plugins have no default. */
export interface HeadstartOptions {
  /** The process's backend; `openBackend()` of @headstart/backend gives one. */
  readonly backend: Backend;
  readonly plugins: readonly Plugin[];
  readonly progress?: Progress;
  /** Folder for artifacts, what is made of them, and features; `cacheRoot()` where absent. `HEADSTART_FEATURES` moves the features alone, `HEADSTART_FEATURES_LIMIT` bounds them. */
  readonly cacheRoot?: string;
  readonly artifacts?: Artifacts;
  /** Packages that are not in use, named where something is asked for that they would bring; the domains of Headstart where absent. */
  readonly offers?: readonly PackageOffer[];
  /** Told of each plugin that cannot be set up: it is left out, and the others go on. Without it such a plugin is an error. */
  readonly onPluginFailure?: (failure: PluginFailure) => void;
}

/**
 * The composition root: sets up the plugins and wires the trainer. Nothing else resolves from the
 * container.
 *
 * @throws HeadstartError `plugin-*`, `invalid-option`
 */
export async function createHeadstart(options: HeadstartOptions): Promise<Headstart> {
  const composed = compose(options, options.plugins);
  warnOfCopies();
  return new ComposedHeadstart(composed);
}

interface Composed {
  readonly container: DependencyContainer;
  readonly registries: Registries;
  readonly services: Services;
}

/** With the plugins that can be set up: where one fails that may be left out, all is composed anew without it. */
function compose(options: HeadstartOptions, plugins: readonly Plugin[]): Composed {
  const composed = bare(options);
  const { registries, services } = composed;
  setUpPlugin(builtIn(), registries, services);
  const failed = failedPlugin(plugins, composed);
  if (!failed) return composed;
  const { index, failure } = failed;
  if (!options.onPluginFailure) throw failure.error;
  options.onPluginFailure(failure);
  return compose(
    options,
    plugins.filter((_, i) => i !== index),
  );
}

/** The first plugin that fails, as it is set up or because another does not bring what it builds on. */
function failedPlugin(
  plugins: readonly Plugin[],
  { registries, services }: Composed,
): { index: number; failure: PluginFailure } | undefined {
  for (const [index, plugin] of plugins.entries()) {
    try {
      refuseSecond(nameOf(plugin), registries);
      setUpPlugin(plugin, registries, services);
    } catch (error) {
      if (!HeadstartError.is(error)) throw error;
      return { index, failure: { plugin: nameOf(plugin) ?? 'without a name', error } };
    }
  }
  const failure = services.replacementProblem() ?? registries.metricProblem();
  return failure && { index: plugins.findIndex((plugin) => nameOf(plugin) === failure.plugin), failure };
}

/** Undefined for what is no plugin. */
function nameOf(plugin: Partial<Plugin> | undefined): string | undefined {
  return plugin?.definition?.name;
}

/** Core's own services, and no plugin yet. */
function bare(options: HeadstartOptions): Composed {
  const { backend, artifacts, progress = silentProgress, cacheRoot = defaultCacheRoot() } = options;
  const registries = new Registries(options.offers ?? knownOffers());
  const container = root.createChildContainer();
  const services = new Services(container);
  const store = openFeatureStore(cacheRoot);
  services.provideOwn(BACKEND, () => backend);
  services.provideOwn(PROGRESS, () => progress);
  const ownArtifacts = () =>
    createArtifacts({ root: join(cacheRoot, 'artifacts'), derived: cacheRoot, progress: container.resolve(PROGRESS) });
  services.provideOwn(ARTIFACTS, () => artifacts ?? ownArtifacts());
  services.provideOwn(FEATURE_STORE, () => store);
  services.provideOwn(METRICS, () => registries.metrics.list().map(({ value }) => value));
  return { container, registries, services };
}

const LOAD_OPTIONS = {
  taskOptions: namedValues,
  decision: {
    accepts: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value),
    must: 'thresholds by label and a probability to abstain below, in an object',
  },
  inference: oneOf(INFERENCE_CHOICES),
} satisfies Record<keyof LoadOptions, unknown>;

class ComposedHeadstart implements Headstart {
  readonly backend: Backend;
  readonly #runs: TransferRuns;
  readonly #lifetime: Lifetime;
  readonly #release: () => Promise<void>;

  private readonly container: DependencyContainer;
  private readonly registries: Registries;
  private readonly provided: Services;

  constructor({ container, registries, services }: Composed) {
    this.container = container;
    this.registries = registries;
    this.provided = services;
    this.backend = container.resolve(BACKEND);
    this.#lifetime = new Lifetime('The Headstart has been closed', openOf(this.backend));
    this.#release = shareBackend(this.backend);
    this.#runs = new TransferRuns(container, () => this.#services, registries.subscribers);
  }

  /** What plans and models work with, as plugins have left it. */
  get #services(): ModelServices {
    const { registries, container, backend } = this;
    return {
      registries,
      backend,
      artifacts: container.resolve(ARTIFACTS),
      store: container.resolve(FEATURE_STORE),
      progress: container.resolve(PROGRESS),
    };
  }

  sources = () => this.registries.sources.list();
  sourceSchemes = () => this.registries.schemes.list();
  readers = () => this.registries.readers.list();
  datasets = () => this.registries.datasets.list();
  tasks = () => this.registries.tasks.list();
  strategies = () => this.registries.strategies.list();
  metrics = () => this.registries.metrics.list();
  exporters = () => this.registries.exporters.list();
  evidenceFormats = () => [...this.registries.formats.values()];
  services = () => this.provided.list();
  subscribers = () => this.registries.subscribers;
  offers = () => this.registries.offers;

  inspect = (request: InspectRequest, options?: InspectOptions) =>
    this.#lifetime.use(() =>
      inspectTarget({ ...this.#services, embed: (source, inputs) => this.embed(source, inputs) }, request, options),
    );
  views = (request: ViewRequest) => this.#lifetime.use(() => viewSamples(this.#services, request));
  plan = (request: TransferRequest) => this.#lifetime.use(() => this.#runs.plan(request));
  rankSources = (request: RankRequest) => this.#lifetime.use(() => rankSources(this.#services, request));
  train = (request: TransferRequest, options?: RunOptions) =>
    this.#lifetime.use(() => this.#runs.train(request, options));
  crossValidate = (request: TransferRequest, asked: CrossValidationOptions, options?: RunOptions) =>
    this.#lifetime.use(() => this.#runs.crossValidate(request, asked, options));
  trials = () => {
    this.#lifetime.check();
    return new Trials(this.container, () => this.#services, this.#lifetime);
  };
  resume: Headstart['resume'] = (directory, options) => this.#lifetime.use(() => this.#runs.resume(directory, options));

  relabel = (directory: string, changes: LabelChanges, out: string) =>
    this.#lifetime.use(() => relabelModel(directory, changes, out, this.#parts()));

  #parts(taskOptions: LoadOptions['taskOptions'] = {}): ModelParts {
    return {
      source: (id) => this.registries.source(id),
      task: (id) => withTaskOptions(this.registries.task(id), taskOptions),
      howToGet: howToGet(this.registries.offers),
    };
  }

  load<Prediction>(directory: string, options: LoadOptions = {}): Promise<TrainedModel<Prediction>> {
    return this.#lifetime.use(async () => {
      checkTarget('load', directory);
      checkOptions('load', LOAD_OPTIONS, options);
      const { taskOptions, decision, inference } = options;
      const folder = resolve(directory);
      const { card, task, model, known } = await loadModel(folder, this.#parts(taskOptions), this.#services);
      try {
        const deciding = decidingBy(task, card.labels, card.decision, decision);
        const opened = { directory: folder, card, task: deciding, model, known };
        return await TrainedModel.open<Prediction>(opened, this.#services, this.#lifetime, inference);
      } catch (error) {
        model.dispose();
        throw error;
      }
    });
  }

  pretrained<Prediction>(id: string, options: LoadOptions = {}): Promise<TrainedModel<Prediction>> {
    return this.#lifetime.use(async () => {
      checkOptions('pretrained', LOAD_OPTIONS, options);
      const { taskOptions = {}, decision, inference } = options;
      const tasks = this.registries.tasks.list().map(({ value }) => value);
      const { card, task, model } = await openPretrained(this.registries.source(id), tasks, this.#services);
      try {
        const made = decidingBy(withTaskOptions(task, taskOptions), card.labels, {}, decision);
        const opened = { directory: id, card, task: made, model };
        return await TrainedModel.open<Prediction>(opened, this.#services, this.#lifetime, inference);
      } catch (error) {
        model.dispose();
        throw error;
      }
    });
  }

  embed(sourceId: string, inputs: readonly ModelInput[], options: EmbedOptions = {}): Promise<Embeddings> {
    return this.#lifetime.use(async () => {
      checkEmbedding(inputs, options);
      const source = this.registries.source(sourceId);
      const task = this.registries.embeddingTask(source.modality);
      const backbone = await source.open(this.#services, { weights: 'published' });
      let embedder: Embedder | undefined;
      try {
        embedder = new Embedder(this.backend, backbone, task);
        return await embedder.embed(inputs, options, this.#services.progress);
      } finally {
        embedder?.dispose();
        backbone.dispose();
      }
    });
  }

  close(): Promise<void> {
    return this.#lifetime.end(async () => {
      await this.container.dispose();
      await this.#release();
    });
  }
}
