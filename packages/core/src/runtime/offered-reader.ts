import { opendir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import type { KnownLayout, PackageOffer } from '../plugins/package-offer.ts';
import { openTableFile } from '../tables/table-file.ts';

/** What a look at a path says of the packages that are not in use. */
export interface Glance {
  /** There is no file at the path. */
  readonly empty: boolean;
  /** A package that reads files of the commonest ending there, the first that is offered. */
  readonly byEnding?: PackageOffer;
  /** A package that reads data laid out as these are, and the file that shows the layout. */
  readonly byLayout?: { readonly offer: PackageOffer; readonly layout: KnownLayout; readonly file: string };
}

/** So many files of a folder say what kind it is of, and so many of them are opened. */
const MOST_FILES = 1000;
const MOST_OPENED = 20;

/** Looks at a file, or at the first files in a folder. */
export async function glanceAt(path: string, offers: readonly PackageOffer[]): Promise<Glance> {
  const files = await firstFiles(path);
  if (files === undefined) return { empty: false };
  const commonest = commonestEnding(files);
  return {
    empty: files.length === 0,
    byEnding: offers.find(({ files: endings }) => commonest !== undefined && endings?.includes(commonest)),
    byLayout: await offeredLayout(path, files, offers),
  };
}

/** Paths of files; undefined where they cannot be listed: then something else is wrong than that no reader knows them. */
async function firstFiles(path: string): Promise<string[] | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const files: string[] = [];
    for await (const entry of await opendir(path, { recursive: true })) {
      if (!entry.isDirectory()) files.push(join(entry.parentPath, entry.name));
      if (files.length === MOST_FILES) break;
    }
    return files.sort();
  } catch {
    return undefined;
  }
}

const endingOf = (file: string) => extname(file).toLowerCase();

function commonestEnding(files: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(endingOf(file), (counts.get(endingOf(file)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

async function offeredLayout(
  path: string,
  files: readonly string[],
  offers: readonly PackageOffer[],
): Promise<Glance['byLayout']> {
  for (const offer of offers) {
    for (const layout of offer.layouts ?? []) {
      const candidates = files.filter((file) => layout.endings.includes(endingOf(file))).slice(0, MOST_OPENED);
      for (const file of candidates) {
        const head = await openTableFile(file).then(
          (opened) => opened.head.toString('utf8'),
          () => '',
        );
        if (layout.begins.every((part) => part.test(head)))
          return { offer, layout, file: relative(path, file).split(sep).join('/') || basename(file) };
      }
    }
  }
  return undefined;
}
