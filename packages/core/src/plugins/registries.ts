import type { Reader, RegisteredDataset } from '../domains/reader.ts';
import type { Modality, SourceDomain, SourceScheme } from '../domains/source-domain.ts';
import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import type { Exporter } from '../export/exporter.ts';
import type { EvidenceFormat } from '../metrics/evidence-format.ts';
import { coreFormats } from '../metrics/evidence-formats.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { checkAdded } from './added.ts';
import { guard, guardCall } from './guard.ts';
import { guardDataset, guardReader } from './guard-data.ts';
import { guardFormat, guardMetric } from './guard-metric.ts';
import { guardScheme, guardSource } from './guard-source.ts';
import { guardStrategy } from './guard-strategy.ts';
import { guardTask } from './guard-task.ts';
import type { RunSubscriber, RunSubscriberFactory } from '../runs/subscriber.ts';
import type { PackageOffer } from './package-offer.ts';
import type { PluginFailure } from './plugin-failure.ts';
import { pluginConflict, Registry, type Registered } from './registry.ts';
import { unknownSource } from './unknown-source.ts';

/** Who brings what core has by itself. */
const CORE = '@headstart/core';

/**
 * Everything that plugins have added, each thing checked and guarded once, when it is added: what its methods throw
 * names the plugin. Adding throws HeadstartError `plugin-invalid`, `plugin-conflict`.
 */
export class Registries {
  readonly sources: Registry<SourceDomain>;
  readonly schemes: Registry<SourceScheme>;
  readonly readers: Registry<Reader>;
  readonly datasets: Registry<RegisteredDataset>;
  readonly tasks: Registry<Task>;
  readonly strategies: Registry<Strategy>;
  readonly metrics: Registry<Metric>;
  readonly exporters: Registry<Exporter>;
  /** How evidence is kept, by its kind. */
  readonly formats = new Map<string, Registered<EvidenceFormat>>(
    coreFormats.map((value) => [value.kind, { plugin: CORE, value: value }]),
  );
  /** Of the plugins that were set up, by name. */
  readonly versions = new Map<string, string>();
  /** In the order in which runs call them. */
  readonly subscribers: Registered<RunSubscriberFactory>[] = [];
  readonly #evidence = new Set<string>(this.formats.keys());

  /** @param offers packages that are not in use, named where something is asked for that they would bring */
  constructor(private readonly offered: readonly PackageOffer[] = []) {
    const offers = () => this.offers;
    this.sources = new Registry('source', offers);
    this.schemes = new Registry('source scheme', offers);
    this.readers = new Registry('reader', offers);
    this.datasets = new Registry('data set', offers);
    this.tasks = new Registry('task', offers);
    this.strategies = new Registry('strategy', offers);
    this.metrics = new Registry('metric', offers);
    this.exporters = new Registry('export format', offers);
  }

  /** Those packages that are offered and not set up. */
  get offers(): readonly PackageOffer[] {
    return this.offered.filter(({ name }) => !this.versions.has(name));
  }

  addSource(plugin: string, source: SourceDomain): void {
    const owner = checkAdded(plugin, 'source', source);
    this.sources.add(plugin, source.id, guardSource(source, owner));
  }

  addScheme(plugin: string, scheme: SourceScheme): void {
    const owner = checkAdded(plugin, 'source scheme', scheme);
    this.schemes.add(plugin, scheme.scheme, guardScheme(scheme, owner));
  }

  addReader(plugin: string, reader: Reader): void {
    const owner = checkAdded(plugin, 'reader', reader);
    this.readers.add(plugin, reader.id, guardReader(reader, owner));
  }

  addDataset(plugin: string, dataset: RegisteredDataset): void {
    const owner = checkAdded(plugin, 'data set', dataset);
    this.datasets.add(plugin, dataset.id, guardDataset(dataset, owner));
  }

  addTask(plugin: string, task: Task): void {
    const owner = checkAdded(plugin, 'task', task);
    this.tasks.add(plugin, task.id, guardTask(task, owner));
  }

  addStrategy(plugin: string, strategy: Strategy): void {
    const owner = checkAdded(plugin, 'strategy', strategy);
    this.strategies.add(plugin, strategy.id, guardStrategy(strategy, owner));
  }

  addMetric(plugin: string, metric: Metric): void {
    const owner = checkAdded(plugin, 'metric', metric);
    this.metrics.add(plugin, `${metric.kind}/${metric.id}`, guardMetric(metric, owner));
  }

  addSubscriber(plugin: string, factory: RunSubscriberFactory): void {
    const owner = { plugin, part: 'subscriber to runs' };
    const guarded = guardCall(factory, owner, (subscriber: RunSubscriber) => guard(subscriber, owner));
    this.subscribers.push({ plugin, value: guarded });
  }

  addExporter(plugin: string, exporter: Exporter): void {
    const owner = checkAdded(plugin, 'export format', exporter);
    const name = [exporter.format, exporter.modality].filter(Boolean).join('/');
    this.exporters.add(plugin, name, guard(exporter, owner));
  }

  /** Makes a kind of evidence known that a plugin's tasks give, and how it is kept where it can be. */
  addEvidence(plugin: string, kind: string, format?: EvidenceFormat): void {
    this.#evidence.add(kind);
    if (!format) return;
    const owner = { plugin, part: `kind of evidence "${kind}"` };
    const taken = this.formats.get(kind);
    if (taken) throw pluginConflict(plugin, `a format for evidence of the kind "${kind}"`, taken.plugin);
    this.formats.set(kind, { plugin, value: guardFormat(format, owner) });
  }

  /** To be called once all plugins are set up: the first metric for which there is no evidence, as an error with its plugin. */
  metricProblem(): PluginFailure | undefined {
    const kinds = [...this.#evidence];
    const found = this.metrics.list().find(({ value }) => !this.#evidence.has(value.kind));
    if (!found) return undefined;
    const { plugin, value: metric } = found;
    const near = nearestName(metric.kind, kinds);
    const error = new HeadstartError({
      code: 'plugin-invalid',
      message: `Plugin "${plugin}", metric "${metric.id}": no evaluator gives evidence of the kind "${metric.kind}".`,
      hint: `${near ? `Did you mean "${near}"? ` : ''}Known: ${kinds.join(', ')}. The plugin whose tasks give it makes it known by metrics.addKind.`,
    });
    return { plugin, error };
  }

  /** A strategy by its id, or by an id and options after a colon: `lora:8`. @throws HeadstartError `unknown-name`, `invalid-option` */
  strategy(id: string): Strategy {
    return withOptions(this.strategies, id);
  }

  /** A task by its id, or by an id and options after a colon. @throws HeadstartError `unknown-name`, `invalid-option` */
  task(id: string): Task {
    return withOptions(this.tasks, id);
  }

  /** The task by which inputs of a modality become a backbone's: the first that was added. @throws HeadstartError `not-supported` */
  embeddingTask(modality: Modality): Task {
    const task = this.tasks.list().find(({ value }) => value.modality === modality)?.value;
    if (task) return task;
    const offer = this.offers.find(({ modalities, brings }) => modalities?.includes(modality) && brings.tasks?.length);
    throw new HeadstartError({
      code: 'not-supported',
      message: `No registered task can encode ${modality} data.`,
      hint: offer ? `${offer.name} has one. ${offer.how}` : `Add a plugin with a task for ${modality} data.`,
      install: offer?.missing ? offer.name : undefined,
    });
  }

  /** A source by its id, or by a scheme and what follows the colon. @throws HeadstartError `unknown-name` */
  source(id: string): SourceDomain {
    const found = this.sources.find(id);
    if (found) return found;
    const colon = id.indexOf(':');
    const scheme = colon > 0 ? this.schemes.find(id.slice(0, colon)) : undefined;
    if (scheme) return scheme.resolve(id.slice(colon + 1));
    throw unknownSource(id, this.sources.names(), this.schemes.names(), this.offers);
  }
}

function withOptions<T extends { readonly id: string; withOptions?(options: string): T }>(
  registry: Registry<T>,
  id: string,
): T {
  const found = registry.find(id);
  if (found) return found;
  const colon = id.indexOf(':');
  const optional = colon > 0 ? registry.find(id.slice(0, colon)) : undefined;
  return optional?.withOptions?.(id.slice(colon + 1)) ?? registry.get(id);
}
