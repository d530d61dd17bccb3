import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const OWN_FILES = new Set(['run.json', 'model.json']);
const OWN_FORMAT = /"format"\s*:\s*"headstart-/;
/** A run's file and a model's card are small. */
const LARGEST = 2 ** 20;

/** Whether a folder with these names in it is a run or a model of ours. */
export async function isOwnRun(path: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    if (!OWN_FILES.has(name)) continue;
    const file = join(path, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() && found.size <= LARGEST && OWN_FORMAT.test(await readFile(file, 'utf8').catch(() => '')))
      return true;
  }
  return false;
}
