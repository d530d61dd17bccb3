import { satisfies, validRange } from 'semver';
import type { DependencyContainer, InjectionToken } from 'tsyringe';
import { prettifyError, type ZodType } from 'zod';
import { HeadstartError } from '@headstart/artifacts/errors';
import { CORE_VERSION } from '../ports/version.ts';
import type { Plugin, PluginContext } from './plugin.ts';
import type { Registries } from './registries.ts';

/**
 * Checks a plugin and lets it register what it brings.
 * @throws HeadstartError `plugin-*`, always naming the plugin
 */
export function setUpPlugin(plugin: Plugin, registries: Registries, container: DependencyContainer): void {
  const name = checkedName(plugin);
  const { definition } = plugin;
  checkRange(name, definition.headstart);
  const context: PluginContext<never> = {
    options: parseOptions(name, plugin) as never,
    sources: {
      add: (source) => registries.sources.add(name, source.id, source),
      addScheme: (scheme) => registries.schemes.add(name, scheme.scheme, scheme),
      find: (id) => () => registries.source(id),
    },
    readers: { add: (reader) => registries.readers.add(name, reader.id, reader) },
    datasets: { add: (dataset) => registries.datasets.add(name, dataset.id, dataset) },
    tasks: {
      add: (task) => registries.tasks.add(name, task.id, task),
      find: (id) => () => registries.task(id),
    },
    strategies: {
      add: (strategy) => registries.strategies.add(name, strategy.id, strategy),
      find: (id) => () => registries.strategy(id),
    },
    metrics: { add: (metric) => registries.metrics.add(name, metric.id, metric) },
    exporters: {
      add: (exporter) =>
        registries.exporters.add(name, [exporter.format, exporter.modality].filter(Boolean).join('/'), exporter),
    },
    services: {
      provide: (token, factory) => provide(name, container, token, factory),
      find: (token) => () => (container.isRegistered(token) ? container.resolve(token) : undefined),
    },
  };
  try {
    const result: unknown = definition.setup(context);
    if (result instanceof Promise) {
      result.catch(() => {}); // told below
      throw new TypeError('setup is asynchronous; what it adds later would be missed');
    }
  } catch (cause) {
    if (cause instanceof HeadstartError) throw cause;
    throw new HeadstartError({
      code: 'plugin-invalid',
      message: `The plugin "${name}" failed while it was set up: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: `Update ${name}, or leave it out and tell its author.`,
      cause,
    });
  }
}

function checkedName(plugin: Partial<Plugin> | undefined): string {
  const definition = plugin?.definition;
  if (typeof definition?.name === 'string' && typeof definition.setup === 'function') return definition.name;
  throw new HeadstartError({
    code: 'plugin-invalid',
    message: 'A plugin was given that definePlugin did not make: it has no name or no setup function.',
    hint: 'Pass the result of calling the plugin: plugins: [vision()].',
  });
}

function checkRange(name: string, range: string): void {
  if (!validRange(range)) {
    throw new HeadstartError({
      code: 'plugin-invalid',
      message: `The plugin "${name}" asks for the version range "${range}" of @headstart/core, which is not one.`,
      hint: 'Its author should give a semantic version range such as "^0.1".',
    });
  }
  if (!satisfies(CORE_VERSION, range, { includePrerelease: true })) {
    throw new HeadstartError({
      code: 'plugin-incompatible',
      message: `The plugin "${name}" works with @headstart/core ${range}; this is ${CORE_VERSION}.`,
      hint: `Install a version of ${name} that names ${CORE_VERSION}, or another @headstart/core.`,
    });
  }
}

function parseOptions(name: string, { definition, options }: Plugin): unknown {
  if (!definition.options) return options;
  const parsed = (definition.options as ZodType).safeParse(options ?? {});
  if (parsed.success) return parsed.data;
  throw new HeadstartError({
    code: 'plugin-invalid',
    message: `The options of the plugin "${name}" do not fit: ${prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    hint: `See the options in the documentation of ${name}.`,
    cause: parsed.error,
  });
}

function provide<T>(plugin: string, container: DependencyContainer, token: InjectionToken<T>, factory: () => T): void {
  if (container.isRegistered(token)) {
    throw new HeadstartError({
      code: 'plugin-conflict',
      message: `The plugin "${plugin}" provides the service ${tokenName(token)}, which is provided already.`,
      hint: 'Use one of the plugins that provide it.',
    });
  }
  let made: { value: T } | undefined;
  container.register(token, { useFactory: () => (made ??= { value: factory() }).value });
}

function tokenName(token: InjectionToken<unknown>): string {
  if (typeof token === 'function') return token.name;
  return typeof token === 'object' ? 'of a delayed constructor' : String(token);
}
