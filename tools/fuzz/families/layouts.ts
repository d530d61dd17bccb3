import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { packedCases, type PackedCases, type PackedFile } from '../../data-layouts/packed-cases.ts';
import { drawPicture } from '../../data-layouts/draw-picture.ts';
import type { Draw } from '../draw.ts';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';
import { once } from '../seeds.ts';

/** Data in the layouts that people bring, from `tools/data-layouts`: annotations and tables are altered, pictures are not. */
export const layouts: Family = {
  name: 'layouts',
  valid: async () => [await filesOf((await unpacked()).cases[0]!)],
  make: async (draw) => mutateFiles(draw, await filesOf(draw.of((await unpacked()).cases)), altered(draw)),
  read: async (folder, system) => (await system.headstart).inspect({ target: folder }),
};

async function filesOf(each: Case): Promise<Files> {
  const { contents } = await unpacked();
  const files = new Map<string, Uint8Array>();
  for (const [path, index] of each) files.set(path, await contents(index));
  return files;
}

/** Now and then a picture, too. */
function altered(draw: Draw): (name: string) => boolean {
  const pictures = draw.once(10);
  return (name) => pictures || !/\.(png|jpe?g)$/i.test(name);
}

type Case = readonly (readonly [path: string, index: number])[];

const unpacked = once(async () => {
  const packed = JSON.parse(gunzipSync(await readFile(packedCases)).toString()) as PackedCases;
  const byCase = new Map<string, [path: string, index: number][]>();
  for (const [path, index] of Object.entries(packed.files)) {
    const [name] = path.split('/', 1) as [string];
    byCase.set(name, [...(byCase.get(name) ?? []), [path.slice(name.length + 1), index]]);
  }
  const cases: Case[] = [...byCase.values()];
  const known = new Map<number, Promise<Uint8Array>>();
  const contents = (index: number) => {
    if (!known.has(index)) known.set(index, bytesOf(packed.contents[index]!, index));
    return known.get(index)!;
  };
  return { cases, contents };
});

async function bytesOf(file: PackedFile, index: number): Promise<Uint8Array> {
  if ('text' in file) return Buffer.from(file.text);
  if ('base64' in file) return Buffer.from(file.base64, 'base64');
  const [format, width, height] = file.draw;
  return drawPicture(index, { format, width, height });
}
