import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart } from '@headstart/core';
import {
  checkManifest,
  CONTRIBUTION_KINDS,
  contributionsOf,
  namesOf,
  type Contributions,
  type PluginFailure,
} from '@headstart/core/manifest';
import { findPackage } from '../packages/find-package.ts';
import type { InstalledPackage } from '../packages/package-json.ts';
import type { PluginUse, Setting } from './setting.ts';

/** A plugin and what it brings. */
export interface CataloguedPlugin {
  readonly name: string;
  readonly version: string | null;
  /** Whether it is core itself, named by the configuration, an installed domain, or installed and not used. */
  readonly origin: 'built in' | 'config' | 'installed' | 'not used';
  /** The folder of its package; null for a plugin of no package. */
  readonly path: string | null;
  readonly contributes: Contributions;
  /** Why it cannot be used. */
  readonly problem?: HeadstartError;
}

/** What extends Headstart in a working folder. */
export interface Catalogue {
  readonly configFile?: string;
  /** Core first, then in the order of use, then those not used. */
  readonly plugins: readonly CataloguedPlugin[];
}

const CORE = '@headstart/core';

/** A plugin of the catalogue whose contributions are those of its package's manifest. @throws HeadstartError `plugin-*` */
function fromManifest(found: InstalledPackage, origin: CataloguedPlugin['origin']): CataloguedPlugin {
  const { name, version, folder, json } = found;
  return { name, version, origin, path: folder, contributes: checkManifest(name, json.headstart).contributes };
}

/** Core's own contributions, from its manifest. */
function corePlugin(): CataloguedPlugin {
  const core = findPackage(CORE, dirname(fileURLToPath(import.meta.url)));
  if (core) return fromManifest(core, 'built in');
  throw new HeadstartError({
    code: 'internal',
    message: 'The package.json of @headstart/core was not found from the command.',
    hint: 'Install headstart again.',
  });
}

/**
 * The catalogue of a setting from manifests alone: no plugin is imported.
 * @returns undefined where they do not say it all: a plugin has none or is not installed, or two add the same
 */
export function catalogueFromManifests({ configFile, uses, unused }: Setting): Catalogue | undefined {
  if (!uses.every((use) => use.package?.json.headstart !== undefined)) return undefined;
  const plugins = [corePlugin(), ...uses.map((use) => attempt(use.package!, use.origin))];
  if (plugins.some(({ problem }) => problem) || addTheSame(plugins)) return undefined;
  return { configFile, plugins: [...plugins, ...unused.map((found) => attempt(found, 'not used'))] };
}

function attempt(found: InstalledPackage, origin: CataloguedPlugin['origin']): CataloguedPlugin {
  const { name, version, folder, json } = found;
  try {
    // One that is not used need not say what it brings.
    if (origin === 'not used' && json.headstart === undefined)
      return { name, version, origin, path: folder, contributes: {} };
    return fromManifest(found, origin);
  } catch (problem) {
    if (!HeadstartError.is(problem)) throw problem;
    return { name, version, origin, path: folder, contributes: {}, problem };
  }
}

function addTheSame(plugins: readonly CataloguedPlugin[]): boolean {
  const seen = new Set<string>();
  const keys = plugins.flatMap(({ name, contributes }) => [
    `plugin ${name}`,
    ...CONTRIBUTION_KINDS.flatMap((kind) => namesOf(contributes, kind).map((each) => `${kind} ${each}`)),
  ]);
  return keys.some((key) => seen.size === seen.add(key).size);
}

/** The catalogue of a setting whose plugins have been set up. */
export function catalogueOf(
  { configFile, uses, unused }: Setting,
  headstart: Headstart,
  failures: readonly PluginFailure[],
): Catalogue {
  const used = uses.map((use): CataloguedPlugin => {
    const problem = failures.find(({ plugin }) => plugin === use.name)?.error;
    return {
      name: use.name,
      version: versionOf(use),
      origin: use.origin,
      path: use.package?.folder ?? null,
      contributes: problem ? {} : contributionsOf(headstart, use.name),
      ...(problem && { problem }),
    };
  });
  const core = { ...corePlugin(), contributes: contributionsOf(headstart, CORE) };
  return { configFile, plugins: [core, ...used, ...unused.map((found) => attempt(found, 'not used'))] };
}

function versionOf({ plugin, package: found }: PluginUse): string | null {
  return plugin?.definition.version ?? found?.version ?? null;
}
