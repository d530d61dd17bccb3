import { silentProgress } from '@headstart/core';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { imageCsv } from './image-csv.ts';
import { imageFolder } from './image-folder.ts';

let root: string;
let png: Buffer;
beforeAll(async () => {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c08040' } });
  png = await picture.png().toBuffer();
});
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-picture-folders-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

/** Writes files: pictures, or the text that is given. */
async function put(files: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [path, content = png] of Object.entries(files)) {
    const whole = join(root, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, content);
  }
}

async function read(): Promise<string[]> {
  const { samples, labels } = await imageCsv.read(root, { skipBad: false, progress: silentProgress, options: {} });
  return samples.map(({ sample: { id, label, labels: own }, split }) =>
    [id, own ? `[${own.map((index) => labels[index]).join(' ')}]` : labels[label!], ...(split ? [split] : [])].join(
      ' ',
    ),
  );
}

/** Whether the folder is read by its table, and not as class folders. */
async function isByTable(): Promise<boolean> {
  return (await imageCsv.detect(root)) > Math.max(0.85, await imageFolder.detect(root));
}

describe('a folder', () => {
  it('has metadata.csv or metadata.jsonl beside its pictures (Hugging Face)', async () => {
    await put({ 'images/a.png': undefined, 'images/b.png': undefined });
    await put({ 'metadata.csv': 'file_name,label\nimages/a.png,cat\nimages/b.png,dog\n' });
    expect(await isByTable()).toBe(true);
    expect(await read()).toEqual(['images/a.png cat', 'images/b.png dog']);
  });

  it('has one in the folder of each split', async () => {
    const line = (label: string) =>
      `{"file_name": "a.png", "label": "${label}"}\n{"file_name": "b.png", "label": "dog"}\n`;
    await put({ 'train/a.png': undefined, 'train/b.png': undefined, 'train/metadata.jsonl': line('cat') });
    await put({ 'test/a.png': undefined, 'test/b.png': undefined, 'test/metadata.jsonl': line('dog') });
    expect(await isByTable()).toBe(true);
    expect(await read()).toEqual([
      'test/a.png dog test',
      'test/b.png dog test',
      'train/a.png cat train',
      'train/b.png dog train',
    ]);
  });

  it('has _classes.csv in the folder of each split (Roboflow)', async () => {
    const table = 'filename, cat, dog\na.png, 1, 0\nb.png, 1, 1\n';
    await put({ 'train/a.png': undefined, 'train/b.png': undefined, 'train/_classes.csv': table });
    await put({ 'valid/a.png': undefined, 'valid/b.png': undefined, 'valid/_classes.csv': table });
    expect(await isByTable()).toBe(true);
    expect(await read()).toEqual([
      'train/a.png [cat] train',
      'train/b.png [cat dog] train',
      'valid/a.png [cat] validation',
      'valid/b.png [cat dog] validation',
    ]);
  });

  it('has train.csv beside train_images, and tables without labels (Kaggle)', async () => {
    await put({ 'train_images/a.png': undefined, 'train_images/b.png': undefined, 'test_images/c.png': undefined });
    await put({ 'train.csv': 'image_id,label\na.png,cat\nb.png,dog\n', 'test.csv': 'image_id\nc.png\n' });
    await put({ 'sample_submission.csv': 'image_id,label\nc.png,cat\n' });
    expect(await isByTable()).toBe(true);
    expect(await read()).toEqual(['train_images/a.png cat', 'train_images/b.png dog']);
  });

  it('has a table for each split, or one too many', async () => {
    await put({ 'images/a.png': undefined, 'images/b.png': undefined });
    await put({ 'train.csv': 'path,label\nimages/a.png,cat\n', 'val_labels.csv': 'path,label\nimages/b.png,dog\n' });
    expect(await read()).toEqual(['images/a.png cat train', 'images/b.png dog validation']);
    await put({ 'other.csv': 'path,label\nimages/b.png,cat\n' });
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining('other.csv') as string });
  });

  it('has class folders and a table that says the same: the folders are read', async () => {
    await put({ 'cat/a.png': undefined, 'dog/b.png': undefined });
    await put({ 'list.csv': 'path,label\ncat/a.png,cat\ndog/b.png,dog\n' });
    expect(await isByTable()).toBe(false);
    await put({ 'list.csv': 'path,label\ncat/a.png,tabby\ndog/b.png,poodle\n' });
    expect(await isByTable()).toBe(true);
  });
});

describe('what says nothing of classes', () => {
  it('is refused by name: a single picture, pictures in a folder, names that are not theirs', async () => {
    await put({ 'cat.0.png': undefined, 'cat.1.png': undefined, 'dog.0.png': undefined, 'dog.1.png': undefined });
    const flat = await imageCsv.recognise!(root);
    expect(flat?.layout).toContain('cat.0.png');
    expect(flat?.hint).toContain('(cat, dog)');
    expect((await imageCsv.recognise!(join(root, 'cat.0.png')))?.layout).toBe('a single picture');
    await put({ 'ids.csv': `id,breed\n${['0f', '1f', '2f', '3f'].map((id) => `${id.repeat(8)},x`).join('\n')}\n` });
    expect((await imageCsv.recognise!(join(root, 'ids.csv')))?.hint).toContain('path-column=id');
    await put({ 'photos/a.png': undefined });
    expect(await imageCsv.recognise!(root)).toBeUndefined();
  });
});
