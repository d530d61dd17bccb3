import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { drawPicture } from './draw-picture.ts';

/**
 * The cases of the field report in one file: contents once each, however many cases have them. Pictures that are nothing
 * but pictures are kept as their formats and sizes, and drawn anew.
 */
export interface PackedCases {
  readonly contents: readonly PackedFile[];
  /** The number of a file's contents by its path. */
  readonly files: Readonly<Record<string, number>>;
  /** Links by their paths, and where they lead to from there. */
  readonly links: Readonly<Record<string, string>>;
  readonly emptyFolders: readonly string[];
}

/** A text, bytes in base64, or a picture to draw. */
export type PackedFile =
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly draw: readonly [format: 'png' | 'jpeg', width: number, height: number] };

/** Where the packed cases are committed. */
export const packedCases = new URL('cases.json.gz', import.meta.url);

/** Writes the cases into a folder, one folder each. */
export async function unpackCases(folder: string): Promise<void> {
  const { contents, files, links, emptyFolders } = JSON.parse(
    gunzipSync(await readFile(packedCases)).toString(),
  ) as PackedCases;
  const bytes = await Promise.all(contents.map(bytesOf));
  for (const path of emptyFolders) await mkdir(join(folder, path), { recursive: true });
  for (const [path, index] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), bytes[index]!);
  }
  for (const [path, target] of Object.entries(links)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await symlink(target, join(folder, path));
  }
}

async function bytesOf(file: PackedFile, index: number): Promise<Buffer> {
  if ('text' in file) return Buffer.from(file.text);
  if ('base64' in file) return Buffer.from(file.base64, 'base64');
  const [format, width, height] = file.draw;
  return drawPicture(index, { format, width, height });
}
