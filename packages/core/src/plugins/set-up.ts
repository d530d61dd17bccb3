import { HeadstartError } from '@headstart/artifacts/errors';
import { openSetUp } from './context.ts';
import { checkMaker } from './copies.ts';
import { checkCoreRange } from './core-range.ts';
import { parseOptions } from './options.ts';
import { makerOf, type Plugin } from './plugin.ts';
import type { Registries } from './registries.ts';
import type { Services } from './services.ts';

/**
 * Checks a plugin and lets it register what it brings.
 * @throws HeadstartError `plugin-*`, always naming the plugin
 */
export function setUpPlugin(plugin: Plugin, registries: Registries, services: Services): void {
  const name = checkedName(plugin);
  const { definition } = plugin;
  checkCoreRange(name, definition.headstart);
  registries.versions.set(name, definition.version);
  checkMaker(name, makerOf(plugin));
  const { context, end } = openSetUp(name, parseOptions(name, plugin), registries, services);
  try {
    const result: unknown = definition.setup(context);
    if (result instanceof Promise) {
      result.catch(() => {}); // reported below
      throw new TypeError('setup is asynchronous; what it adds later would be missed');
    }
  } catch (cause) {
    if (HeadstartError.is(cause)) throw cause;
    throw new HeadstartError({
      code: 'plugin-invalid',
      message: `The plugin "${name}" failed while it was set up: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: `Update ${name}, or leave it out and tell its author.`,
      cause,
    });
  } finally {
    end();
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

/** @throws HeadstartError `plugin-conflict` for a plugin whose name another has that is set up already */
export function refuseSecond(name: string | undefined, { versions }: Registries): void {
  if (name === undefined || !versions.has(name)) return;
  throw new HeadstartError({
    code: 'plugin-conflict',
    message: `There are two plugins with the name "${name}".`,
    hint: 'Name each plugin once; of two packages, use one, or ask the author of the other to rename it.',
  });
}
