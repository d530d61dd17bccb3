import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes what the compiler wrote of modules that are gone since: it leaves their outputs, which would be published.
 * @param folder of a package: `dist` is compiled from `src`
 * @returns the outputs that were removed, by their paths in `dist`
 */
export function removeStaleOutputs(folder: string): string[] {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return [];
  const stale = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => {
    const module = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(path)?.[1];
    return module !== undefined && !existsSync(join(folder, 'src', `${module}.ts`));
  });
  for (const path of stale) rmSync(join(dist, path));
  return stale;
}
