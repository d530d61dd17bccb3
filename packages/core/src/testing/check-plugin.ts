import { readFile } from 'node:fs/promises';
import { satisfies, valid } from 'semver';
import { version_core as TFJS_VERSION } from '@tensorflow/tfjs-core';
import type { EvidenceKinds } from '../metrics/metric.ts';
import { checkManifest } from '../plugins/check-manifest.ts';
import { manifestDifferences } from '../plugins/manifest-differences.ts';
import { manifestOf } from '../plugins/manifest-of.ts';
import { parseOptions } from '../plugins/options.ts';
import type { Plugin } from '../plugins/plugin.ts';
import type { Registries } from '../plugins/registries.ts';
import type { Registry } from '../plugins/registry.ts';
import type { Backend } from '../ports/backend.ts';
import { CORE_VERSION } from '../ports/version.ts';
import { sourceRuntime } from './bench.ts';
import { checkBackbone, type BackboneCheck } from './check-backbone.ts';
import { checkExporter, type ExporterCheck } from './check-exporter.ts';
import { checkMetric, type MetricCheck } from './check-metric.ts';
import { checkReader, type ReaderCheck } from './check-reader.ts';
import { checkStrategy, type StrategyCheck } from './check-strategy.ts';
import { checkTask, type TaskCheck } from './check-task.ts';
import { checkingBackend } from './plain-backend.ts';
import { expectRefused, expectThat, holdTo, type Rule } from './rules.ts';
import { coreTrials } from './sample-evidence.ts';
import { setUpAlone } from './set-up-alone.ts';
import { noticed } from './watched-work.ts';

/** What `definePlugin` gives: called with options, it gives the plugin. */
export type PluginFactory = (options?: never) => Plugin;

/** A package's manifest as far as it is looked at. */
export interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly keywords?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly headstart?: unknown;
}

/** What a metric of some kind of evidence is tried on. */
type AnyMetricCheck = { readonly [Kind in keyof EvidenceKinds]: MetricCheck<Kind> }[keyof EvidenceKinds];

/** How parts of a plugin are checked, by their ids; false leaves one out. */
export interface PartChecks {
  readonly sources?: Readonly<Record<string, Partial<BackboneCheck>>>;
  readonly readers?: Readonly<Record<string, ReaderCheck>>;
  readonly tasks?: Readonly<Record<string, TaskCheck>>;
  /** By format. */
  readonly exporters?: Readonly<Record<string, ExporterCheck>>;
  /** Metrics of core's kinds of evidence are checked where they are not named here. */
  readonly metrics?: Readonly<Record<string, AnyMetricCheck | false>>;
  /** Strategies are checked on a network of two dense stages where they are not named here. */
  readonly strategies?: Readonly<Record<string, StrategyCheck | false>>;
}

/** What the conformance kit knows of a plugin's package. */
export interface PluginCheck {
  /** The package's `package.json`, or where it lies: `new URL('../package.json', import.meta.url)`. */
  readonly packageJson?: PackageManifest | URL;
  /** What the plugin is called with, where its options have no defaults. */
  readonly options?: unknown;
  /** How its parts are checked: what needs data is checked where it is given some. */
  readonly parts?: PartChecks;
  /** See `checkTask`. */
  readonly backend?: Backend;
}

interface Trial {
  readonly make: PluginFactory;
  readonly plugin: Plugin;
  readonly packageJson: PackageManifest | undefined;
}

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const KEYWORD = 'headstart-plugin';

const rules: readonly Rule<Trial>[] = [
  {
    rule: 'it is defined as plugins are',
    check({ plugin }) {
      const { name, version } = plugin.definition;
      setUpAlone([{ ...plugin, definition: { ...plugin.definition, setup() {} } }]);
      expectThat(NAME.test(name), `"${name}" is no name of an npm package`);
      expectThat(valid(version) !== null, `its version "${version}" is none (semantic versioning)`);
    },
  },
  {
    rule: 'package.json agrees',
    check({ plugin, packageJson }) {
      if (!packageJson) return;
      const { name, version } = plugin.definition;
      const { dependencies, peerDependencies, keywords = [] } = packageJson;
      expectThat(packageJson.name === name, `it is called "${name}", and its package "${packageJson.name}"`);
      expectThat(packageJson.version === version, `it is version ${version}, and its package ${packageJson.version}`);
      expectThat(keywords.includes(KEYWORD), `the keyword "${KEYWORD}", by which it is found, is missing`);
      for (const [needed, present] of [
        ['@headstart/core', CORE_VERSION],
        ['@tensorflow/tfjs-core', TFJS_VERSION],
      ] as const) {
        const range = peerDependencies?.[needed] ?? dependencies?.[needed];
        if (range === undefined)
          expectThat(needed !== '@headstart/core', `${needed} is not among its peer dependencies`);
        else
          expectThat(
            satisfies(present, range, { includePrerelease: true }),
            `it asks for ${needed} ${range}; this is ${present}, and there must be one copy of it`,
          );
      }
    },
  },
  {
    rule: 'setup only registers',
    async check({ plugin }) {
      const { notices } = await noticed(() => setUpAlone([plugin]));
      expectThat(notices.length === 0, `setup ${notices.join(', and ')}`);
    },
  },
  {
    rule: 'it can be set up twice',
    check({ plugin, make }) {
      const [first, second, third] = [plugin, plugin, make()].map((each) => addedBy(setUpAlone([each])).join(', '));
      expectThat(first !== '', 'setup adds nothing');
      expectThat(
        first === second && first === third,
        `setup adds ${first}, and then ${first === second ? third : second}`,
      );
    },
  },
  {
    rule: 'its manifest is what setup adds',
    check({ plugin, packageJson }) {
      if (!packageJson) return;
      const { name } = plugin.definition;
      expectThat(packageJson.headstart !== undefined, 'package.json has no "headstart", which says what it brings');
      const { contributes } = checkManifest(name, packageJson.headstart);
      const differences = manifestDifferences(contributes, manifestOf(plugin).contributes);
      expectThat(differences.length === 0, differences.join(' '));
    },
  },
  {
    rule: 'unknown options are refused',
    check: ({ plugin }) =>
      expectRefused('an option that there is not', () => {
        const options = { ...(plugin.options as object | undefined), 'no-such-option': 1 };
        parseOptions(plugin.definition.name, { ...plugin, options });
      }),
  },
];

/**
 * The conformance test of a plugin: its name, version and range are right and those of its package; nothing is done when
 * it is imported (where it is given as `() => import('…')`) nor in `setup`; it can be set up twice; options that there are
 * not are refused; and its parts pass their own checks, those that need data where `parts` gives some.
 *
 * @param plugin what `definePlugin` gave, what that gives when it is called, or a function that imports the module
 * @throws Error naming the plugin and the first rule that it breaks
 */
export async function checkPlugin(
  plugin: Plugin | PluginFactory | (() => Promise<{ readonly default: PluginFactory }>),
  { packageJson, options, parts = {}, backend }: PluginCheck = {},
): Promise<void> {
  await checkingBackend(backend);
  const make = await factoryOf(plugin, options);
  const made = make();
  const name = `Plugin "${made.definition?.name}"`;
  const manifest = packageJson instanceof URL ? await readManifest(packageJson) : packageJson;
  await holdTo('checkPlugin', name, { make, plugin: made, packageJson: manifest }, rules);
  await checkParts(made, parts, backend);
}

async function checkParts(plugin: Plugin, parts: PartChecks, backend?: Backend): Promise<void> {
  const added = setUpAlone([plugin]);
  const { sources = {}, readers = {}, tasks = {}, metrics = {}, strategies = {}, exporters = {} } = parts;
  for (const [id, check] of Object.entries(sources)) {
    const source = part(added.sources, id);
    await checkBackbone(source, { open: (options) => source.open(sourceRuntime(), options), ...check });
  }
  for (const [id, check] of Object.entries(readers)) await checkReader(part(added.readers, id), { backend, ...check });
  for (const [id, check] of Object.entries(tasks))
    await checkTask(part(added.tasks, id), { backend, ...check, plugins: [plugin, ...(check.plugins ?? [])] });
  for (const id of Object.keys(metrics)) part(added.metrics, id);
  for (const metric of valuesOf(added.metrics)) {
    const check = metrics[metric.id] ?? (metric.kind in coreTrials ? {} : false);
    if (check) await checkMetric(metric as never, { backend, ...check } as never);
  }
  for (const id of Object.keys(strategies)) part(added.strategies, id);
  for (const strategy of valuesOf(added.strategies)) {
    const check = strategies[strategy.id] ?? {};
    if (check) await checkStrategy(strategy, { backend, ...check });
  }
  for (const [id, check] of Object.entries(exporters))
    await checkExporter(part(added.exporters, id), { backend, ...check });
}

const valuesOf = <T>(registry: Registry<T>): T[] => registry.list().map(({ value }) => value);

/** @throws Error for a name under which nothing was added */
function part<T extends { readonly id: string } | { readonly format: string }>(registry: Registry<T>, id: string): T {
  const name = (each: T) => ('id' in each ? each.id : each.format);
  const found = valuesOf(registry).find((each) => name(each) === id);
  expectThat(
    found !== undefined,
    `checkPlugin: parts name the ${registry.kind} "${id}", which is not among ${valuesOf(registry).map(name).join(', ') || 'none'}`,
  );
  return found!;
}

/** @throws Error where importing the module does anything */
async function factoryOf(
  plugin: Plugin | PluginFactory | (() => Promise<{ readonly default: PluginFactory }>),
  options: unknown,
): Promise<PluginFactory> {
  if (typeof plugin !== 'function') return () => plugin;
  const { result, notices } = await noticed(() => (plugin as (options: unknown) => unknown)(options));
  if ('definition' in (result as object)) return () => (plugin as PluginFactory)(options as never);
  expectThat(
    notices.length === 0,
    `checkPlugin: ${String(plugin)}: importing it only defines: the import ${notices.join(', and ')}`,
  );
  const make = (result as { readonly default?: PluginFactory }).default;
  expectThat(
    typeof make === 'function',
    'checkPlugin: the module has no default export that definePlugin gave: export default definePlugin({ … })',
  );
  return () => make!(options as never);
}

async function readManifest(url: URL): Promise<PackageManifest> {
  return JSON.parse(await readFile(url, 'utf8')) as PackageManifest;
}

/** What was added, as `kind id`, in order. */
function addedBy(added: Registries): string[] {
  const { sources, schemes, readers, datasets, tasks, strategies, metrics, exporters } = added;
  const named = [sources, schemes, readers, datasets, tasks, strategies, metrics, exporters].flatMap((registry) =>
    registry.names().map((name) => `${registry.kind} ${name}`),
  );
  return [...named, ...added.subscribers.map(() => 'subscriber')];
}
