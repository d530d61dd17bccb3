import { silentProgress } from '@headstart/core';
import { decodePixels } from '@headstart/core/images';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import sharp from 'sharp';
import { imageCsv } from './image-csv.ts';

let root: string;
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-parquet-pictures-'))));
afterAll(() => rm(root, { recursive: true }));

const HUGGING_FACE = {
  info: { features: { image: { _type: 'Image' }, label: { _type: 'ClassLabel', names: ['cat', 'dog'] } } },
};

/** A noisy picture of about 300 KB: four of them are more than a spool keeps in memory. */
function noise(side: number): Promise<Buffer> {
  const background = { r: 0, g: 0, b: 0 };
  const kind = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  return sharp({ create: { width: side, height: side, channels: 3, background, noise: kind } })
    .png()
    .toBuffer();
}

it('reads pictures inside Parquet in parts by split, with the names of their classes (Hugging Face)', async () => {
  const pictures = await Promise.all([320, 321, 322, 323].map(noise));
  await mkdir(join(root, 'data'));
  for (const [split, own] of [
    ['train', pictures.slice(0, 3)],
    ['test', pictures.slice(3)],
  ] as const) {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'image', data: own.map((bytes, i) => ({ bytes: Uint8Array.from(bytes), path: `${split}-${i}.png` })) },
        { name: 'label', data: own.map((_, i) => BigInt(i % 2)) },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
      ],
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify(HUGGING_FACE) }],
    });
    await writeFile(join(root, 'data', `${split}-00000-of-00001.parquet`), new Uint8Array(buffer));
  }
  expect(await imageCsv.detect(root)).toBeGreaterThan(0.85);
  const data = await imageCsv.read(root, { skipBad: false, progress: silentProgress, options: {} });
  expect(data.labels).toEqual(['cat', 'dog']);
  expect(data.samples.map(({ sample, split }) => [sample.id, sample.label, split])).toEqual([
    ['test-0.png', 0, 'test'],
    ['train-0.png', 0, 'train'],
    ['train-1.png', 1, 'train'],
    ['train-2.png', 0, 'train'],
  ]);
  const { sample } = data.samples[2]!;
  expect(sample.digest).toBe(createHash('sha256').update(pictures[1]!).digest('hex'));
  const { data: pixels } = await decodePixels(sample, {
    width: 321,
    height: 321,
    interpolation: 'nearest',
    background: [0, 0, 0],
  });
  expect(Buffer.from(pixels).equals(await sharp(pictures[1]).removeAlpha().raw().toBuffer())).toBe(true);
});
