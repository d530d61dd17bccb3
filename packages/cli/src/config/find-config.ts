import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';

/** The names that a configuration may have. */
export const CONFIG_FILES = ['ts', 'mts', 'mjs', 'js', 'json'].map((ending) => `headstart.config.${ending}`);

/**
 * The configuration that holds in a folder: the nearest from there upwards, not beyond the home folder.
 * @throws HeadstartError `config-invalid` where one folder has two
 */
export function findConfig(cwd: string): string | undefined {
  const home = homedir();
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = CONFIG_FILES.filter((name) => existsSync(join(folder, name)));
    if (found.length > 1) {
      throw new HeadstartError({
        code: 'config-invalid',
        message: `There are ${found.length} configurations in ${folder}: ${found.join(' and ')}.`,
        hint: 'Keep one of them.',
      });
    }
    if (found[0] !== undefined) return join(folder, found[0]);
    if (folder === home || dirname(folder) === folder) return undefined;
  }
}
