import type { Headstart } from '@headstart/core';
import { checkManifest, contributionsOf, manifestDifferences, type PluginFailure } from '@headstart/core/manifest';
import { findPackage } from '../packages/find-package.ts';
import type { InstalledPackage } from '../packages/package-json.ts';
import type { PluginUse } from '../plugins/setting.ts';
import type { Check } from './check.ts';

/** Whether a plugin in use works, keeps its manifest, and has the packages that it needs beside it. */
export function pluginCheck(use: PluginUse, headstart: Headstart, failures: readonly PluginFailure[]): Check {
  const name = `plugin ${use.name}`;
  const problem = failures.find(({ plugin }) => plugin === use.name)?.error;
  if (problem) return { name, state: 'fail', found: `${problem.message} [${problem.code}]`, todo: problem.hint };
  const { package: found } = use;
  if (!found) return { name, state: 'ok', found: 'a plugin of the configuration itself' };
  const missing = missingPeers(found);
  if (missing.needed.length > 0) {
    const todo = `Install ${missing.needed.join(' ')}.`;
    return { name, state: 'fail', found: `it needs ${missing.needed.join(' and ')}, not installed`, todo };
  }
  const differences = manifestProblems(found, headstart);
  const version = `${found.version} in ${found.folder}`;
  if (differences.length > 0) {
    const todo = `Update ${use.name}, or tell its author: lists are printed from its manifest.`;
    return { name, state: 'warn', found: `${version}: ${differences.join(' ')}`, todo };
  }
  if (missing.optional.length === 0) return { name, state: 'ok', found: version };
  const todo = `Install ${missing.optional.join(' ')} where you need what they do.`;
  return { name, state: 'ok', found: `${version}; without ${missing.optional.join(', ')}`, todo };
}

function manifestProblems(found: InstalledPackage, headstart: Headstart): string[] {
  const { name, json } = found;
  if (json.headstart === undefined) return ['It has no manifest in its package.json, so that lists import it.'];
  return manifestDifferences(checkManifest(name, json.headstart).contributes, contributionsOf(headstart, name));
}

function missingPeers({ folder, json }: InstalledPackage): { needed: string[]; optional: string[] } {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = json;
  const missing = Object.keys(peerDependencies).filter((name) => findPackage(name, folder) === undefined);
  const isOptional = (name: string) => peerDependenciesMeta[name]?.optional === true;
  return { needed: missing.filter((name) => !isOptional(name)), optional: missing.filter(isOptional) };
}
