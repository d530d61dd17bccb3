import { createHeadstart } from '@headstart/core';
import { contributionsOf, PLUGIN_API, type PluginManifest } from '@headstart/core/manifest';
import { manifestOf } from '@headstart/core/plugins';
import { plainBackend } from '@headstart/core/testing';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import tracking from '@headstart/tracking';
import vision from '@headstart/vision';

/** The manifest that each package of ours that extends Headstart has to have, by its name, from what its plugin adds. */
export async function pluginManifests(): Promise<ReadonlyMap<string, PluginManifest>> {
  const core = '@headstart/core';
  const bare = await createHeadstart({ backend: await plainBackend(), plugins: [] });
  return new Map([
    [core, { api: PLUGIN_API, contributes: contributionsOf(bare, core) }],
    ...[vision(), nlp(), detection(), tracking()].map(
      (plugin) => [plugin.definition.name, manifestOf(plugin)] as [string, PluginManifest],
    ),
  ]);
}
