import { checkClasses, silentProgress, type HeadstartError, type ReadOptions } from '@headstart/core';
import { refusalOf } from '@headstart/core/testing';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { imageFolder } from './image-folder.ts';

const options: ReadOptions = { skipBad: false, progress: silentProgress, options: {} };
const skipping: ReadOptions = { ...options, skipBad: true };
let png: Buffer;
let jpeg: Buffer;
let root: string;

beforeAll(async () => {
  const picture = sharp({
    create: {
      width: 40,
      height: 30,
      channels: 3,
      background: '#c08040',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  });
  png = await picture.clone().png().toBuffer();
  jpeg = await picture.clone().jpeg().toBuffer();
});
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-readers-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: Buffer | string = png): Promise<string> {
  const whole = join(root, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

async function twoClasses(): Promise<void> {
  for (const file of ['cat/1.png', 'cat/2.png', 'dog/1.png', 'dog/2.png']) await put(file);
}

/** The refusal, whose message, and not only its hint, is to have these words. */
async function failure(work: Promise<unknown>, code: string, ...words: string[]): Promise<HeadstartError> {
  const error = await refusalOf(work, code);
  for (const word of words) expect(error.message).toContain(word);
  return error;
}

describe('image-folder', () => {
  it('reads classes by folder, with deeper files, in order, with the digest of the bytes', async () => {
    for (const file of [
      'dog/b.png',
      'cat/2.PNG',
      'cat/deep/er/1.jpg',
      'cat/.DS_Store',
      'Thumbs.db',
      'README.md',
      'dog/labels.csv',
      '.hidden/x.png',
    ]) {
      await put(file, file.endsWith('.jpg') ? jpeg : png);
    }
    const data = await imageFolder.read(root, options);
    expect(data.labels).toEqual(['cat', 'dog']);
    expect(data.samples.map(({ sample, split }) => [sample.id, sample.label, split])).toEqual([
      ['cat/2.PNG', 0, undefined],
      ['cat/deep/er/1.jpg', 0, undefined],
      ['dog/b.png', 1, undefined],
    ]);
    expect(data.samples[1]!.sample.digest).toBe(createHash('sha256').update(jpeg).digest('hex'));
    expect(data.skipped).toEqual([]);
    expect(await imageFolder.detect(root)).toBeGreaterThan(0.5);
  });

  it('takes train, val and test above the classes as splits', async () => {
    for (const file of ['train/cat/1.png', 'train/dog/1.png', 'val/cat/2.png', 'test/dog/2.png']) await put(file);
    const data = await imageFolder.read(root, options);
    expect(data.labels).toEqual(['cat', 'dog']);
    expect(data.samples.map(({ sample, split }) => [sample.id, sample.label, split])).toEqual([
      ['test/dog/2.png', 1, 'test'],
      ['train/cat/1.png', 0, 'train'],
      ['train/dog/1.png', 1, 'train'],
      ['val/cat/2.png', 0, 'validation'],
    ]);
    checkClasses(data);
  });

  it('takes a train beside a bus for a class', async () => {
    for (const file of ['train/1.png', 'bus/1.png']) await put(file);
    expect((await imageFolder.read(root, options)).labels).toEqual(['bus', 'train']);
  });

  it('says no to what it does not read', async () => {
    expect(await imageFolder.detect(root)).toBe(0);
    await put('notes/a.txt', 'x');
    expect(await imageFolder.detect(root)).toBe(0);
    expect(await imageFolder.detect(await put('a.csv', 'path,label\n'))).toBe(0);
    expect(await imageFolder.detect(join(root, 'missing'))).toBe(0);
  });

  it('knows annotations beside its pictures, and takes what are none for notes', async () => {
    await twoClasses();
    const layout = async () => (await imageFolder.recognise!(root))?.layout;
    const notes = {
      'cat/1.txt': 'a cat on a 2 m sofa',
      'cat/1.png.json': '{"title":"1.png","geoData":{"latitude":1}}',
      'about.xml': '<rdf><title>box</title></rdf>',
      'dog/scores.txt': '0 1 2 3 4',
    };
    for (const [name, text] of Object.entries(notes)) await put(name, text);
    expect(await layout()).toBeUndefined();
    const signs: [string, string, RegExp][] = [
      ['cat/2.txt', '0 0.5 0.5 0.2 0.2\n', /^boxes in text files \(cat\/2.txt\)/],
      ['labels/cat/2.txt', 'Car 0.00 0 -1.57 100.5 20 30 40\n', /labels\/cat\/2.txt/],
      ['cat/2.json', '{"shapes": [{"points": [[1, 2]]}]}', /^boxes or outlines in JSON \(cat\/2.json\)/],
      ['boxes.xml', '<annotations><image><box xtl="1"/></image></annotations>', /in XML \(boxes.xml\)/],
      ['images/cat/1.png', '', /^masks beside the pictures \(masks\/cat\/1.png\)/],
    ];
    await put('masks/cat/1.png');
    for (const [name, text, expected] of signs) {
      const file = await put(name, text);
      expect(await layout()).toMatch(expected);
      await rm(file);
      if (name.includes('images')) await rm(join(root, 'images'), { recursive: true });
      expect(await layout()).toBeUndefined();
    }
  });

  it('reads pictures whose names have no ending', async () => {
    for (const file of ['cat/0a1b', 'cat/notes', 'dog/2c3d']) await put(file, file.endsWith('notes') ? 'x' : png);
    expect(await imageFolder.detect(root)).toBeGreaterThan(0.5);
    await rm(join(root, 'cat/notes'));
    expect((await imageFolder.read(root, options)).samples.map(({ sample }) => sample.id)).toEqual([
      'cat/0a1b',
      'dog/2c3d',
    ]);
  });

  it('knows masks beside the pictures by their names, and takes a picture called so for none', async () => {
    for (const file of ['cat/1.png', 'cat/1_mask.png', 'dog/2 (1).png', 'dog/2 (1)_mask.png']) await put(file);
    expect((await imageFolder.recognise!(root))!.layout).toBe('masks beside the pictures (cat/1_mask.png)');
    for (let i = 3; i < 6; i++) await put(`dog/${i}.png`);
    expect(await imageFolder.recognise!(root)).toBeUndefined();
  });

  it('takes class folders of masks for classes, and folders of masks for none', async () => {
    for (const file of ['with_mask/1.png', 'without_mask/1.png', 'mask/1.png', 'no mask/1.png']) await put(file);
    expect(await imageFolder.recognise!(root)).toBeUndefined();
    expect((await imageFolder.read(root, options)).labels).toEqual(['mask', 'no mask', 'with_mask', 'without_mask']);
    await rm(root, { recursive: true });
    for (const file of ['train/1.png', 'train_masks/1.png']) await put(file);
    expect((await imageFolder.recognise!(root))!.layout).toContain('train_masks/1.png');
    await failure(imageFolder.read(root, options), 'target-unreadable', 'train (1 picture)');
  });

  it('refuses an empty folder, a missing one, and pictures without a class', async () => {
    await failure(imageFolder.read(root, options), 'target-empty', root);
    await failure(imageFolder.read(join(root, 'missing'), options), 'target-not-found', 'missing');
    await twoClasses();
    await put('loose.png');
    await failure(imageFolder.read(root, options), 'target-unreadable', 'loose.png');
  });

  it('refuses one class only, and a class that the train split lacks', async () => {
    await put('cat/1.png');
    await put('cat/2.png');
    const one = await imageFolder.read(root, options);
    expect(() => checkClasses(one)).toThrow(
      expect.objectContaining({ code: 'target-too-small', message: expect.stringContaining('"cat"') as string }),
    );
    await rm(join(root, 'cat'), { recursive: true });
    for (const file of ['train/cat/1.png', 'train/dog/1.png', 'test/fox/2.png']) await put(file);
    const data = await imageFolder.read(root, options);
    expect(() => checkClasses(data)).toThrow(
      expect.objectContaining({ code: 'target-too-small', message: expect.stringContaining('"fox"') as string }),
    );
  });

  it('stops at a folder that contains itself by a link, and follows other links', async () => {
    await twoClasses();
    const elsewhere = await mkdtemp(join(tmpdir(), 'headstart-linked-'));
    try {
      await writeFile(join(elsewhere, 'x.png'), png);
      await symlink(elsewhere, join(root, 'fox'));
      expect((await imageFolder.read(root, options)).samples.map(({ sample }) => sample.id)).toContain('fox/x.png');
      await symlink(root, join(root, 'dog', 'again'));
      await failure(imageFolder.read(root, options), 'target-unreadable', join('dog', 'again'));
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });
});

describe('bad pictures', () => {
  beforeEach(twoClasses);

  /** Without --skip-bad the file is the error; with it, it is left out and listed. */
  async function badFile(id: string, ...mentions: string[]): Promise<HeadstartError> {
    const error = await failure(imageFolder.read(root, options), 'sample-unreadable', id, ...mentions);
    expect(error.hint).toContain('--skip-bad');
    const { samples, skipped } = await imageFolder.read(root, skipping);
    expect(samples.map(({ sample }) => sample.id)).toEqual(
      ['cat/1.png', 'cat/2.png', 'dog/1.png', 'dog/2.png'].filter((name) => name !== id),
    );
    // The reason is listed beside the name, and does not say it again.
    expect(skipped).toEqual([{ id, reason: expect.any(String) as string }]);
    expect(skipped[0]!.reason).not.toContain(id);
    return error;
  }

  it('names a text file called .png', async () => {
    await put('dog/fake.png', 'not a picture');
    await badFile('dog/fake.png', 'cannot be decoded');
  });

  it('names an empty file', async () => {
    await put('cat/0.png', '');
    await badFile('cat/0.png', 'empty');
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('names a truncated %s', async (format) => {
    const noisy = sharp({
      create: {
        width: 300,
        height: 200,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    });
    const whole = await noisy.toFormat(format).toBuffer();
    await put(`dog/cut.${format}`, whole.subarray(0, Math.floor(whole.length * 0.6)));
    await badFile(`dog/cut.${format}`);
  });

  it('refuses a picture of 30,000 x 30,000 pixels by its header', async () => {
    await put('cat/huge.png', hugePng(30_000));
    await badFile('cat/huge.png', '30000 x 30000', '268,402,689');
  });

  it('names a link that leads nowhere', async () => {
    await symlink(join(root, 'nowhere.png'), join(root, 'dog', 'gone.png'));
    await badFile('dog/gone.png', 'no such file');
  });

  it('names a link that leads to itself', async () => {
    await symlink(join(root, 'dog', 'self.png'), join(root, 'dog', 'self.png'));
    await failure(imageFolder.read(root, options), 'target-unreadable', 'self.png');
  });

  it.skipIf(process.platform === 'win32')('names a file and a folder without permission to read', async () => {
    const restore = dropRoot();
    try {
      const shut = join(root, 'dog', '1.png');
      await chmodAs(restore, shut, 0o000);
      const error = await badFile('dog/1.png', 'permission');
      expect(error.hint).toContain('permission');
      await chmodAs(restore, shut, 0o644);
      await chmodAs(restore, join(root, 'dog'), 0o000);
      await failure(imageFolder.read(root, options), 'target-unreadable', 'dog', 'permission');
      await chmodAs(restore, join(root, 'dog'), 0o755);
    } finally {
      restore.up();
    }
  });

  it('gives the same first error whatever is decoded first', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(`cat/${name}.png`, 'bad');
    for (let i = 0; i < 5; i++) await failure(imageFolder.read(root, options), 'sample-unreadable', 'cat/a.png');
  });

  it('leaves a class without a readable picture, which the task refuses', async () => {
    await put('fox/1.png', 'bad');
    const data = await imageFolder.read(root, skipping);
    expect(() => checkClasses(data)).toThrow(/"fox" has no sample.*1 left out/);
    expect(() => checkClasses({ ...data, samples: [] })).toThrow(expect.objectContaining({ code: 'target-empty' }));
  });
});

/** A PNG header that claims a size; its checksum is right, its data absent. */
function hugePng(side: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(side, 16);
  bytes.writeUInt32BE(side, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** CRC-32 of a PNG chunk (ISO 3309). */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

interface Privileges {
  readonly down: () => void;
  readonly up: () => void;
}

/** The superuser may read anything, so the test steps down to a user who may not. */
function dropRoot(): Privileges {
  const isRoot = process.geteuid?.() === 0;
  return {
    down: () => void (isRoot && process.seteuid?.(65_534)),
    up: () => void (isRoot && process.seteuid?.(0)),
  };
}

async function chmodAs({ up, down }: Privileges, path: string, mode: number): Promise<void> {
  up();
  await chmod(path, mode);
  await chmod(root, 0o755);
  down();
}

it('makes a header that sharp believes', async () => {
  expect(await sharp(hugePng(30_000), { limitInputPixels: false }).metadata()).toMatchObject({
    width: 30_000,
    height: 30_000,
  });
  expect((await readFile(await put('x.png'))).equals(png)).toBe(true);
});
