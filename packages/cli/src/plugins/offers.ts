import { basename } from 'node:path';
import {
  askedNames,
  checkManifest,
  CONTRIBUTION_KINDS,
  installLine,
  KNOWN_PACKAGES,
  packageManager,
  type KnownPackage,
  type PackageOffer,
  type PluginFailure,
} from '@headstart/core/manifest';
import type { InstalledPackage } from '../packages/package-json.ts';
import type { Setting } from './setting.ts';

/**
 * The packages that would bring more than the plugins in use: those that failed, those that are installed and not used, and
 * the domains of Headstart that are not installed.
 */
export function offersOf(
  { cwd, configFile, uses, unused }: Setting,
  failures: readonly PluginFailure[],
): PackageOffer[] {
  const failed = failures.map(({ plugin, error }) => ({
    ...described(plugin, uses.find(({ name }) => name === plugin)?.package),
    how: `${plugin} could not be used: ${error.message} ${error.hint}`,
    missing: false,
  }));
  const config = configFile === undefined ? 'headstart.config.ts' : basename(configFile);
  const idle = unused.map((found) => ({
    ...described(found.name, found),
    how: `${found.name} is installed and not used: name it in ${config}, or run headstart add ${found.name}.`,
    missing: false,
  }));
  const here = new Set([...failed, ...idle, ...uses].map(({ name }) => name));
  const manager = packageManager(cwd);
  const missing = KNOWN_PACKAGES.filter(({ name }) => !here.has(name)).map((known) => ({
    ...known,
    how: `It is not installed: ${configFile === undefined ? `${installLine([known.name], manager)}, or ` : ''}headstart add ${known.name}`,
    missing: true,
  }));
  return [...failed, ...idle, ...missing];
}

/** What a package brings: as we know it, or as its manifest says. */
function described(name: string, found: InstalledPackage | undefined): KnownPackage {
  const known = KNOWN_PACKAGES.find((each) => each.name === name);
  if (known) return known;
  try {
    const { contributes } = checkManifest(name, found?.json.headstart);
    const brings = Object.fromEntries(CONTRIBUTION_KINDS.map((kind) => [kind, askedNames(contributes, kind)]));
    return { name, brings, modalities: contributes.tasks?.map(({ modality }) => modality) };
  } catch {
    return { name, brings: {} };
  }
}
