import { extname, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KNOWN_PACKAGES } from '@headstart/core/manifest';
import type { Plugin } from '@headstart/core';
import { invalid } from '../config/check-config.ts';
import type { ConfigDefaults, HeadstartConfig, PluginEntry } from '../config/config.ts';
import { findConfig } from '../config/find-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { readEntries } from '../config/read-entries.ts';
import { findPackage } from '../packages/find-package.ts';
import type { InstalledPackage } from '../packages/package-json.ts';
import { findProject } from '../packages/project.ts';

/** The word by which a package says that it is a plugin. */
export const KEYWORD = 'headstart-plugin';

/** A plugin that is to be used. */
export interface PluginUse {
  /** Its package's name. */
  readonly name: string;
  /** Whether the configuration names it, or it is a domain that is installed where there is no configuration. */
  readonly origin: 'config' | 'installed';
  /** Absent where the package is not installed, or the configuration has a plugin of no package. */
  readonly package?: InstalledPackage;
  readonly options?: unknown;
  /** The plugin itself, where the configuration made it. */
  readonly plugin?: Plugin;
}

/** What a working folder says of the plugins to use. */
export interface Setting {
  readonly cwd: string;
  /** The configuration that holds there. */
  readonly configFile?: string;
  readonly defaults: ConfigDefaults;
  readonly uses: readonly PluginUse[];
  /** Plugins that are installed and not used: domains that the configuration does not name, and direct dependencies with the keyword. */
  readonly unused: readonly InstalledPackage[];
}

/** More than anybody uses; each is looked for in every folder above. */
const MOST_PLUGINS = 200;

const COMMAND_FOLDER = dirname(fileURLToPath(import.meta.url));

/** A package as modules in a folder find it; else as it lies beside the command. */
export function packageFor(name: string, folder: string): InstalledPackage | undefined {
  return findPackage(name, folder) ?? findPackage(name, COMMAND_FOLDER);
}

/** The setting of a working folder. A configuration that is a script is run. @throws HeadstartError `config-invalid`, `plugin-missing` */
export async function loadSetting(cwd: string): Promise<Setting> {
  const configFile = findConfig(cwd);
  const config = configFile === undefined ? {} : await loadConfig(configFile);
  return settingOf(cwd, configFile, config);
}

/**
 * The setting of a working folder as far as no script need be run for it.
 * @returns undefined where the text of the configuration does not say which plugins it uses
 */
export async function readSetting(cwd: string): Promise<Setting | undefined> {
  const configFile = findConfig(cwd);
  if (configFile === undefined || extname(configFile) === '.json') return loadSetting(cwd);
  const entries = await readEntries(configFile);
  return entries && settingOf(cwd, configFile, { plugins: entries.map(({ name }) => name) });
}

function settingOf(cwd: string, configFile: string | undefined, { plugins, defaults = {} }: HeadstartConfig): Setting {
  const folder = configFile === undefined ? cwd : dirname(configFile);
  if (plugins) checkNames(configFile!, plugins);
  const uses = plugins ? plugins.map((entry) => usedByConfig(entry, folder)) : installedDomains(cwd);
  const names = new Set(uses.map(({ name }) => name));
  const unused = [...(plugins ? installedDomains(cwd).map((use) => use.package!) : []), ...foundPlugins(cwd)];
  return { cwd, configFile, defaults, uses, unused: unused.filter(({ name }) => !names.has(name)) };
}

/** Before any package is looked for. @throws HeadstartError `config-invalid` */
function checkNames(configFile: string, plugins: readonly PluginEntry[]): void {
  if (plugins.length > MOST_PLUGINS)
    throw invalid(
      configFile,
      `plugins names ${plugins.length}, and ${MOST_PLUGINS} can be used together`,
      'Keep those that you need.',
    );
  const names = plugins.map(nameOf);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw invalid(
    configFile,
    `plugins names "${twice}" twice`,
    'Keep one; of two plugins with one name, one can be used.',
  );
}

function nameOf(entry: PluginEntry): string {
  if (typeof entry === 'string') return entry;
  return Array.isArray(entry) ? (entry[0] as string) : (entry as Plugin).definition.name;
}

function usedByConfig(entry: PluginEntry, folder: string): PluginUse {
  if (typeof entry === 'object' && !Array.isArray(entry)) {
    const plugin = entry as Plugin;
    return { name: nameOf(entry), origin: 'config', plugin, package: findPackage(nameOf(entry), folder) };
  }
  const options = typeof entry === 'string' ? undefined : (entry as readonly [string, unknown?])[1];
  const name = nameOf(entry);
  return { name, origin: 'config', options, package: packageFor(name, folder) };
}

/** The domains of Headstart that are installed for the working folder, or beside the command. */
function installedDomains(cwd: string): PluginUse[] {
  return KNOWN_PACKAGES.flatMap(({ name }) => {
    const found = packageFor(name, cwd);
    return found ? [{ name, origin: 'installed' as const, package: found }] : [];
  });
}

/** Plugins of others among the direct dependencies of the project around the working folder. */
function foundPlugins(cwd: string): InstalledPackage[] {
  const project = findProject(cwd);
  if (!project) return [];
  const { dependencies, devDependencies, optionalDependencies } = project.json;
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter((name) => KNOWN_PACKAGES.every((known) => known.name !== name))
    .flatMap((name) => findPackage(name, project.folder) ?? [])
    .filter(({ json }) => Array.isArray(json.keywords) && json.keywords.includes(KEYWORD));
}
