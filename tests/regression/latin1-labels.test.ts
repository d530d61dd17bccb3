import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import sharp from 'sharp';
import { silentProgress, type Reader } from '@headstart/core';
import { yoloFolder } from '@headstart/detection';
import { imageCsv } from '@headstart/vision';

// A table of pictures or a data.yaml in Latin-1 gave labels such as "caf\uFFFD" in silence.

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-latin1-'));
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c08040' } });
  await picture.png().toFile(join(folder, 'a.png'));
});
afterEach(() => rm(folder, { recursive: true }));

const PICTURES = 'path,label\na.png,café\n';

async function put(name: string, content: string, encoding: BufferEncoding): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.from(content, encoding));
  return path;
}

const labels = async (reader: Reader, path: string) =>
  (await reader.read(path, { skipBad: true, progress: silentProgress, options: {} })).labels;

it.each([
  ['pictures', imageCsv as Reader, 'pictures.csv', PICTURES],
  ['boxes', yoloFolder as Reader, 'data.yaml', 'train: .\nnames: [café]\n'],
])('refuses labels of %s in Latin-1 by file, place and way out', async (_, reader, name, text) => {
  const path = await put(name, text, 'latin1');
  await expect(labels(reader, path)).rejects.toMatchObject({
    code: 'target-unreadable',
    message: expect.stringContaining(`${path} is not UTF-8: line 2, at byte ${text.indexOf('é')}: `) as string,
    hint: expect.stringContaining('iconv') as string,
  });
});

it('refuses the same table where its rows look like pictures, too, so that it is not read as texts', async () => {
  const path = await put('pictures.csv', `${PICTURES}a.png,é.png\n`, 'latin1');
  await expect(labels(imageCsv, path)).rejects.toMatchObject({ code: 'target-unreadable' });
});

it('reads the same table in UTF-8', async () => {
  expect(await labels(imageCsv, await put('pictures.csv', PICTURES, 'utf8'))).toEqual(['café']);
});
