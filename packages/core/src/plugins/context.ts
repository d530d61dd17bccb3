import { HeadstartError } from '@headstart/artifacts/errors';
import type { PluginContext } from './plugin.ts';
import type { Registries } from './registries.ts';
import { tokenName, type Services } from './services.ts';

/** What a plugin is given in `setup`, and the call that ends it: from then on things are found, and no more are added. */
export interface SetUp {
  readonly context: PluginContext<never>;
  readonly end: () => void;
}

/** @param name the plugin's, under which all is registered */
export function openSetUp(name: string, options: unknown, registries: Registries, services: Services): SetUp {
  let ended = false;
  const adding =
    <T>(what: string, add: (added: T) => void) =>
    (added: T): void => {
      if (ended) throw late(name, what, added);
      add(added);
    };
  const finding =
    <T>(what: string, id: unknown, find: () => T) =>
    (): T => {
      if (!ended) throw early(name, `${what} "${String(id)}"`);
      return find();
    };
  const context: PluginContext<never> = {
    options: options as never,
    sources: {
      add: adding('source', (source) => registries.addSource(name, source)),
      addScheme: adding('source scheme', (scheme) => registries.addScheme(name, scheme)),
      find: (id) => finding('source', id, () => registries.source(id)),
    },
    readers: { add: adding('reader', (reader) => registries.addReader(name, reader)) },
    datasets: { add: adding('data set', (dataset) => registries.addDataset(name, dataset)) },
    tasks: {
      add: adding('task', (task) => registries.addTask(name, task)),
      find: (id) => finding('task', id, () => registries.task(id)),
    },
    strategies: {
      add: adding('strategy', (strategy) => registries.addStrategy(name, strategy)),
      find: (id) => finding('strategy', id, () => registries.strategy(id)),
    },
    metrics: {
      add: adding('metric', (metric) => registries.addMetric(name, metric)),
      addKind: (kind, format) =>
        adding<string>('kind of evidence', () => registries.addEvidence(name, kind, format))(kind),
    },
    exporters: { add: adding('export format', (exporter) => registries.addExporter(name, exporter)) },
    services: {
      provide: (token, factory) =>
        adding<unknown>('service', () => services.provide(name, token, factory))(tokenName(token)),
      replace: (token, factory) =>
        adding<unknown>('service', () => services.replace(name, token, factory))(tokenName(token)),
      find: (token) => finding('service', tokenName(token), services.find(token)),
    },
    events: { add: adding('subscriber', (factory) => registries.addSubscriber(name, factory)) },
  };
  return { context, end: () => void (ended = true) };
}

function late(plugin: string, what: string, added: unknown): HeadstartError {
  const { id, scheme, format } = Object(added) as Readonly<Record<string, unknown>>;
  return new HeadstartError({
    code: 'plugin-invalid',
    message: `Plugin "${plugin}", ${what} "${String(id ?? scheme ?? format ?? added)}": it is added after the plugin was set up, when others have been chosen from.`,
    hint: `Tell the author of ${plugin}: all that a plugin brings is added in setup.`,
  });
}

function early(plugin: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'plugin-invalid',
    message: `Plugin "${plugin}" asks for the ${what} while it is set up, when other plugins may still add it.`,
    hint: `Tell the author of ${plugin}: keep what find gives, and call it when the thing is needed.`,
  });
}
