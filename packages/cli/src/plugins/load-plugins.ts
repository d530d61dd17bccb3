import { pathToFileURL } from 'node:url';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Plugin } from '@headstart/core';
import { checkManifest, type PluginFailure } from '@headstart/core/manifest';
import { entryFile } from '../packages/entry-file.ts';
import type { InstalledPackage } from '../packages/package-json.ts';
import { missingPackage } from './import-needed.ts';
import type { PluginUse } from './setting.ts';

/** Plugins as they were imported, and those that could not be. */
export interface LoadedPlugins {
  readonly plugins: readonly Plugin[];
  readonly failures: readonly PluginFailure[];
}

/** Imports the packages of plugins, one after another. One that fails is reported, and the others go on. */
export async function loadPlugins(uses: readonly PluginUse[]): Promise<LoadedPlugins> {
  const plugins: Plugin[] = [];
  const failures: PluginFailure[] = [];
  for (const use of uses) {
    try {
      plugins.push(use.plugin ?? (await importPlugin(use)));
    } catch (error) {
      if (!HeadstartError.is(error)) throw error;
      failures.push({ plugin: use.name, error });
    }
  }
  return { plugins, failures };
}

/** @throws HeadstartError `plugin-missing`, `plugin-invalid`, `plugin-incompatible`, `plugin-failed` */
async function importPlugin({ name, package: found, options }: PluginUse): Promise<Plugin> {
  if (!found) throw missingPackage(name, 'The configuration names the plugin');
  if (found.json.headstart !== undefined) checkManifest(name, found.json.headstart);
  const { default: make } = await importPackage(found);
  if (typeof make !== 'function')
    throw noPlugin(name, `its default export is ${make === undefined ? 'missing' : `a ${typeof make}`}`);
  let plugin: unknown;
  try {
    plugin = (make as (options: unknown) => unknown)(options);
  } catch (cause) {
    throw failed(name, 'when it was called', cause);
  }
  const definition = (plugin as Partial<Plugin> | undefined)?.definition;
  if (typeof definition?.name !== 'string') throw noPlugin(name, 'calling its default export gives no plugin');
  if (definition.name === name) return plugin as Plugin;
  throw new HeadstartError({
    code: 'plugin-invalid',
    message: `The package "${name}" has a plugin that calls itself "${definition.name}".`,
    hint: `A plugin has its package's name. Update ${name}, leave it out, or tell its author.`,
  });
}

async function importPackage(found: InstalledPackage): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(entryFile(found)).href)) as Record<string, unknown>;
  } catch (cause) {
    throw failed(found.name, 'while it was imported', cause);
  }
}

function failed(name: string, when: string, cause: unknown): HeadstartError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new HeadstartError({
    code: 'plugin-failed',
    message: `The plugin "${name}" failed ${when}: ${message.split('\n', 1)[0]!}`,
    hint: `Update ${name}, leave it out, or tell its author. headstart doctor says more.`,
    cause,
  });
}

function noPlugin(name: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'plugin-invalid',
    message: `The package "${name}" is no plugin of Headstart: ${why}.`,
    hint: 'A plugin exports by default what definePlugin returns. Take it out of the configuration, or name another package.',
  });
}
