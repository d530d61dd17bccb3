import { stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import { HeadstartError } from '@headstart/core';
import { mapBounded, namesImage } from '@headstart/core/images';
import { fileFinder, filesBelow, isLeftover, readLines } from '@headstart/core/readers';
import type { YoloSettings } from './yolo-settings.ts';

/** A picture of a split, found or not. */
export interface PlacedPicture {
  readonly path: string;
  readonly missing?: string;
}

/** The pictures at a place, and what else lies there. */
export interface Placed {
  readonly pictures: readonly PlacedPicture[];
  /** Files whose names end like none that can be read. */
  readonly others: readonly string[];
}

/** What lies beside pictures and is no picture that someone may miss. */
const BESIDE = /\.(txt|xml|json|jsonl|csv|ya?ml|cache|npy|npz|md|names|data|py|ipynb|log|pkl|db|ini)$/i;

/**
 * Where the places of a data.yaml are, in its order: each is a folder, or a file that lists pictures. Places count from
 * its `path`, or from the file itself. Exporters write `../train/images` for a folder beside the file: where any place is
 * found so within the folder of the file, all are, since what lies above may be another set's. Backslashes separate
 * folders, and of a path of another machine the longest end counts that is below the folder.
 * @throws HeadstartError `target-not-found`
 */
export async function locatePlaces({ path, root }: YoloSettings, places: readonly string[]): Promise<string[]> {
  const folder = dirname(resolve(path));
  const inside = (place: string) => resolve(folder, place.replace(/^(\.\.\/)+/, ''));
  const written = places.map((place) => place.replaceAll('\\', '/'));
  const exported = await anyExists(written.filter((place) => place.startsWith('../')).map(inside));
  const located: string[] = [];
  for (const [i, place] of written.entries()) {
    const above = place.startsWith('../');
    const tries = [
      ...(above && exported ? [] : [resolve(root, places[i]!), resolve(folder, places[i]!)]),
      ...(above && exported ? [] : [resolve(root, place), resolve(folder, place)]),
      inside(place),
      ...(isAbsolute(place) || /^[a-z]:/i.test(place) ? endsWithin(folder, place) : []),
    ];
    const found = await firstThere(tries);
    if (found === undefined) throw nothingAt(path, places[i]!, tries[0]!);
    located.push(found);
  }
  return located;
}

/** Ends of a path of at least two folders below a folder, the longest first; a single name says too little. */
function endsWithin(folder: string, path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return names.slice(0, -1).map((_, start) => resolve(folder, ...names.slice(start)));
}

async function anyExists(paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map((path) => firstThere([path])))).some((found) => found !== undefined);
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths)
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  return undefined;
}

function nothingAt(path: string, place: string, tried: string): HeadstartError {
  const glob = /[*?[]/.test(place) ? ' Patterns with * are not read.' : '';
  return new HeadstartError({
    code: 'target-not-found',
    message: `${path} says that pictures are in ${place}, and there is nothing at ${tried}.${glob}`,
    hint: 'Correct the path in data.yaml; it counts from "path" there, or from the file itself.',
  });
}

/** The pictures of a located place: those below a folder, or those that a file lists, found by `fileFinder` below `root`. */
export async function picturesAt(where: string, root: string): Promise<Placed> {
  if (['.txt', '.lst'].includes(extname(where).toLowerCase()))
    return { pictures: await listedIn(where, root), others: [] };
  const pictures: PlacedPicture[] = [];
  const others: string[] = [];
  for await (const { name, path } of filesBelow(where, isLeftover)) {
    if (namesImage(name)) pictures.push({ path });
    else if (!BESIDE.test(name)) others.push(path);
  }
  return { pictures, others };
}

async function listedIn(list: string, root: string): Promise<PlacedPicture[]> {
  const lines: { text: string; line: number }[] = [];
  for await (const { text, line } of readLines(list)) if (text.trim() !== '') lines.push({ text: text.trim(), line });
  const finder = fileFinder([dirname(list), root]);
  return mapBounded(lines, 64, async ({ text, line }) => {
    const path = await finder.find(text);
    if (path !== undefined) return { path };
    return { path: resolve(dirname(list), text), missing: `${list}, line ${line}: ${await finder.whyNot(text)}` };
  });
}

/** A path as samples are called: from a folder, with forward slashes. */
export function idFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
