import type { InjectionToken } from 'tsyringe';
import type { ZodType } from 'zod';
import type { Reader, RegisteredDataset } from '../domains/reader.ts';
import type { SourceDomain, SourceScheme } from '../domains/source-domain.ts';
import type { Exporter } from '../export/exporter.ts';
import type { EvidenceFormat } from '../metrics/evidence-format.ts';
import type { EvidenceKinds, Metric } from '../metrics/metric.ts';
import type { RunSubscriberFactory } from '../runs/subscriber.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { THIS_CORE, type CoreCopy } from './copies.ts';

/**
 * What a plugin may do while it is set up, and no later. Names are unique within a kind of thing; those of metrics
 * within their kind of evidence.
 */
export interface PluginContext<Options = unknown> {
  readonly options: Options;
  readonly sources: {
    add(source: SourceDomain): void;
    addScheme(scheme: SourceScheme): void;
    /**
     * A source of any plugin, by its id, for one that builds on it: the function gives it when it is needed.
     * Not for use in `setup`. It throws HeadstartError `unknown-name`.
     */
    find(id: string): () => SourceDomain;
  };
  readonly readers: { add(reader: Reader): void };
  readonly datasets: { add(dataset: RegisteredDataset): void };
  readonly tasks: {
    add(task: Task): void;
    /** A task of any plugin, as `sources.find` finds sources. */
    find(id: string): () => Task;
  };
  readonly strategies: {
    add(strategy: Strategy): void;
    /** A strategy of any plugin, as `sources.find` finds sources. */
    find(id: string): () => Strategy;
  };
  readonly metrics: {
    add(metric: Metric): void;
    /**
     * A kind of evidence of the plugin's own, which its tasks' evaluators give: metrics of any plugin may be of it.
     * @param format how it is kept item by item, for the records of benchmarks; they have numbers alone where it is absent
     */
    addKind<Kind extends keyof EvidenceKinds>(kind: Kind, format?: EvidenceFormat<Kind>): void;
  };
  readonly exporters: { add(exporter: Exporter): void };
  readonly services: {
    /** Provides a service, made when it is first asked for. */
    provide<T>(token: InjectionToken<T>, factory: () => T): void;
    /**
     * Puts a service in place of one of core (`ARTIFACTS`, `FEATURE_STORE`, `PROGRESS`) or of another plugin, whichever
     * is set up first. One plugin may do so for each service.
     * @param factory gets the service that it stands in for, to wrap it or to leave it
     */
    replace<T>(token: InjectionToken<T>, factory: (original: T) => T): void;
    /** A service that a plugin provides, for when it is needed: the function gives undefined where none does. Not for use in `setup`. */
    find<T>(token: InjectionToken<T>): () => T | undefined;
  };
  readonly events: {
    /** Subscribes to every run: the factory is called once for each, with the run and its services. */
    add(factory: RunSubscriberFactory): void;
  };
}

/** A plugin as its author writes it, for `definePlugin`. */
export interface PluginDefinition<Options = unknown> {
  /** The npm package's name. */
  readonly name: string;
  readonly version: string;
  /** Range of core versions it works with, such as `^0.1`. */
  readonly headstart: string;
  /** Schema of the options; options that do not parse are an error that names the plugin. */
  readonly options?: ZodType<Options>;
  /** Registers what the plugin brings. Nothing else: no work at import, none here. */
  setup(context: PluginContext<Options>): void;
}

const MAKER = Symbol.for('headstart.plugin.maker');

/** A plugin with the options its user gave. */
export interface Plugin {
  readonly definition: PluginDefinition<never>;
  readonly options: unknown;
}

/**
 * Declares a plugin. The result is a function: call it with options to use the plugin.
 *
 * @example
 * export default definePlugin({ name: 'my-plugin', version: '1.0.0', headstart: '^0.1', setup(ctx) {
 *   ctx.strategies.add(myStrategy);
 * } });
 */
export function definePlugin<Options = undefined>(
  definition: PluginDefinition<Options>,
): (options?: Options) => Plugin {
  return (options) => ({
    definition: definition as unknown as PluginDefinition<never>,
    options,
    [MAKER]: THIS_CORE,
  });
}

/** The copy of core whose `definePlugin` made a plugin. */
export function makerOf(plugin: Plugin): CoreCopy | undefined {
  return (plugin as Plugin & { readonly [MAKER]?: CoreCopy })[MAKER];
}
