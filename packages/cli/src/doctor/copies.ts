import { findPackage } from '../packages/find-package.ts';
import type { Check } from './check.ts';

/** Whether modules in some folders would load one copy of a package. */
export function oneCopy(
  name: string,
  folders: readonly string[],
  { several, todo }: { several: 'warn' | 'fail'; todo: string },
): Check {
  const found = folders.flatMap((folder) => findPackage(name, folder) ?? []);
  const copies = new Map(found.map(({ folder, version }) => [folder, version]));
  const described = [...copies].map(([folder, version]) => `${version} in ${folder}`).join('; ');
  const check = `one ${name}`;
  if (copies.size === 1) return { name: check, state: 'ok', found: described };
  if (copies.size === 0)
    return { name: check, state: 'fail', found: 'it is not installed', todo: 'Install headstart again.' };
  return { name: check, state: several, found: `${copies.size} copies: ${described}`, todo };
}
