import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftover } from '../folders/side-files.ts';
import { endsLikePicture } from './picture-names.ts';

/** Names that are looked at, and how deep below the folder. */
const MOST = 20_000;
const DEPTH = 3;

/** What the pictures in a folder and below are called, without folders and endings: at most some ten thousand of them. */
export async function pictureStems(folder: string): Promise<ReadonlySet<string>> {
  const stems = new Set<string>();
  let left = MOST;
  let level = [folder];
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const path of level) {
      const entries = await opendir(path).catch(() => undefined);
      if (!entries) continue;
      for await (const entry of entries) {
        if (left-- <= 0) return stems;
        if (isLeftover(entry.name)) continue;
        if (entry.isDirectory()) next.push(join(path, entry.name));
        else if (endsLikePicture(entry.name)) stems.add(stemOf(entry.name));
      }
    }
    level = next;
  }
  return stems;
}

/** A path without its folders and its picture's ending. */
export function stemOf(path: string): string {
  const name = path.trim().replace(/^.*[\\/]/, '');
  return endsLikePicture(name) ? name.replace(/\.[^.]*$/, '') : name;
}
