import { HeadstartError } from '@headstart/core';
import { fileFinder, filesBelow, isLeftover, namesPicture, type FileFinder } from '@headstart/core/readers';
import { namesImage } from '@headstart/core/images';
import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';

/** Where a picture is that a table lists, or why it is not found, as the end of a sentence. */
export type FoundPicture = { readonly path: string } | { readonly missing: string; readonly hint: string };

/** Finds pictures by what tables call them. */
export interface PictureFinder {
  find(written: string): Promise<FoundPicture>;
}

const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i;
/** What follows a file's name in an address. */
const AFTER = /[?#].*$/s;
/** What Label Studio puts before the name of an uploaded file. */
const UPLOADED = /(\/upload\/(?:.*\/)?)[0-9a-f]{8}-([^/]+)$/;

const WHERE =
  'Check the path; --reader-option root=<folder> says where the pictures are, and ending=.jpg what their names end with. Rows whose picture is missing are left out with --skip-bad.';
const DOWNLOAD =
  'Pictures are read from files: download them into a folder and name it with --reader-option root=<folder>; they are found there by their names.';

/**
 * A finder of the pictures of a table in `folder`: a path counts from there, or from the reader option `root`; what else a
 * path may mean `fileFinder` says. A name without an ending is that of the picture of this name, whatever its ending;
 * the option `ending` says which, also in place of the one that a name has.
 * @throws HeadstartError `invalid-option` where `root` is no folder
 */
export function pictureFinder(folder: string, options: Readonly<Record<string, string>>): PictureFinder {
  const { root, ending } = options;
  const roots = root === undefined ? [resolve(folder)] : [rootFolder(root, folder), resolve(folder)];
  const files = fileFinder(roots);
  let endings: Promise<readonly string[]> | undefined;
  return {
    async find(written) {
      for (const name of spellings(written)) {
        const path = exact(name, roots) ?? (await files.find(name));
        if (path !== undefined) return { path };
      }
      const name = spellings(written).at(-1)!;
      endings ??= ending === undefined ? endingsBelow(roots) : Promise.resolve([dotted(ending)]);
      const found = await withEndings(stemOf(name), await endings, roots, files);
      if (found.length > 1)
        return {
          missing: `${written} could be ${found.join(' or ')}`,
          hint: 'Say which with --reader-option ending=….',
        };
      if (found.length === 1) {
        if (ending !== undefined || !namesPicture(name)) return { path: found[0]! };
        return anotherFormat(written, found[0]!);
      }
      if (ADDRESS.test(written))
        return { missing: `${written} is an address, and no file of that name is there`, hint: DOWNLOAD };
      return { missing: await files.whyNot(written), hint: WHERE };
    },
  };
}

/** A picture of the same name is there in another format, which may be the one and may be another. */
function anotherFormat(written: string, path: string): FoundPicture {
  const format = (name: string) => extname(name).slice(1).toUpperCase();
  const said = format(written.replace(AFTER, ''));
  return {
    missing: `there is no file ${written}, but ${path}`,
    hint: `The table says ${said}, and the picture of that name is ${format(path)}: --reader-option ending=${extname(path)} reads it.`,
  };
}

/** A name without a picture's ending. */
function stemOf(name: string): string {
  return namesPicture(name) ? name.slice(0, -extname(name).length) : name;
}

function exact(name: string, roots: readonly string[]): string | undefined {
  if (ADDRESS.test(name)) return undefined;
  return roots.map((root) => resolve(root, name)).find(isFile);
}

/** What a name can be read as, the likeliest first. */
function spellings(written: string): string[] {
  const plain = written.replace(AFTER, '');
  return [...new Set([written, ...(namesPicture(plain) ? [plain] : []), plain.replace(UPLOADED, '$1$2')])];
}

async function withEndings(
  name: string,
  endings: readonly string[],
  roots: readonly string[],
  files: FileFinder,
): Promise<string[]> {
  const found = new Set<string>();
  for (const ending of endings) {
    const path = exact(name + ending, roots) ?? (await files.find(name + ending));
    if (path !== undefined) found.add(path);
  }
  return [...found];
}

/** The endings of the pictures in folders and below. */
async function endingsBelow(roots: readonly string[]): Promise<string[]> {
  const endings = new Set<string>();
  for (const root of roots)
    for await (const { name } of filesBelow(root, isLeftover)) if (namesImage(name)) endings.add(extname(name));
  return [...endings].sort();
}

/** @throws HeadstartError `invalid-option` */
function rootFolder(root: string, folder: string): string {
  const candidates = [resolve(root), resolve(folder, root)];
  const found = candidates.find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
  if (found !== undefined) return found;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The reader option root names no folder: there is none at ${[...new Set(candidates)].join(' or ')}.`,
    hint: 'Give the folder that the pictures are in, from the current folder or from that of the table.',
  });
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
const dotted = (ending: string) => (ending.startsWith('.') ? ending : `.${ending}`);
