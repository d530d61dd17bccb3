import 'reflect-metadata';
import { container } from 'tsyringe';
import { contributionsOf } from './contributions.ts';
import { PLUGIN_API, type PluginManifest } from './manifest.ts';
import type { Plugin } from './plugin.ts';
import { Registries } from './registries.ts';
import { Services } from './services.ts';
import { setUpPlugin } from './set-up.ts';

/**
 * The manifest that a plugin's package.json should have under `headstart`: sets the plugin up by itself, with the options
 * that it was given, and lists what it adds.
 * @throws HeadstartError `plugin-*` where it cannot be set up
 */
export function manifestOf(plugin: Plugin): PluginManifest {
  const registries = new Registries();
  const services = new Services(container.createChildContainer());
  setUpPlugin(plugin, registries, services);
  const parts = {
    sources: () => registries.sources.list(),
    sourceSchemes: () => registries.schemes.list(),
    readers: () => registries.readers.list(),
    datasets: () => registries.datasets.list(),
    tasks: () => registries.tasks.list(),
    strategies: () => registries.strategies.list(),
    metrics: () => registries.metrics.list(),
    exporters: () => registries.exporters.list(),
    evidenceFormats: () => [...registries.formats.values()],
    services: () => services.list(),
    subscribers: () => registries.subscribers,
  };
  return { api: PLUGIN_API, contributes: contributionsOf(parts, plugin.definition.name) };
}
