import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { packedCases, type PackedCases, type PackedFile } from './packed-cases.ts';
import type { Row } from './rows.ts';

/** Packs the folders that rows name, for the tests, into the file beside this one. */
export async function packCases(cases: string, rows: readonly Row[]): Promise<void> {
  const contents: PackedFile[] = [];
  const numbers = new Map<string, number>();
  const files: Record<string, number> = {};
  const links: Record<string, string> = {};
  const emptyFolders: string[] = [];
  for (const folder of [...new Set(rows.map((row) => row.folder))].sort()) {
    for (const entry of await readdir(join(cases, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const name = relative(cases, path);
      if (entry.isDirectory() && (await readdir(path)).length === 0) emptyFolders.push(name);
      if (name === join(folder, 'README.md') || entry.isDirectory()) continue;
      if (entry.isSymbolicLink()) {
        // Links of the archive lead to where it was packed.
        const inside = (await readlink(path)).split('/cases/').at(-1)!;
        links[name] = relative(join(name, '..'), inside);
        continue;
      }
      const bytes = await readFile(path);
      const digest = createHash('sha256').update(bytes).digest('hex');
      if (!numbers.has(digest)) numbers.set(digest, contents.push(await packed(bytes, name)) - 1);
      files[name] = numbers.get(digest)!;
    }
  }
  await writeFile(
    packedCases,
    gzipSync(JSON.stringify({ contents, files, links, emptyFolders } satisfies PackedCases), { level: 9 }),
  );
}

async function packed(bytes: Buffer, name: string): Promise<PackedFile> {
  // Formats are the point of these cases.
  const plain = /^img-(one|all|mixed)/.test(name) ? undefined : await plainPicture(bytes);
  if (plain) return { draw: plain };
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}

/** Format and size of a picture that has neither an orientation, transparency nor other than eight bits of red, green and blue. */
async function plainPicture(bytes: Buffer): Promise<['png' | 'jpeg', number, number] | undefined> {
  if (bytes.length === 0) return undefined;
  const header = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  if (header === undefined || header.exif || header.hasAlpha || header.depth !== 'uchar' || header.space !== 'srgb')
    return undefined;
  const { format, width, height } = header;
  return (format === 'png' || format === 'jpeg') && width * height > 400 ? [format, width, height] : undefined;
}
