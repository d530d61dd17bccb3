import { silentProgress } from '@headstart/core';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '../../tools/write-wav.ts';
import { fitLength, soundOf } from './audio-sample.ts';
import { readClip } from './read-clip.ts';
import { wavFolder } from './wav-folder.ts';

let root: string;
const options = { skipBad: false, progress: silentProgress, options: {} };
const tone = (hertz: number) =>
  Float32Array.from({ length: 800 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / 8000));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'clips-'));
  for (const [split, word, hertz] of [
    ['train', 'go', 300],
    ['train', 'stop', 500],
    ['test', 'go', 400],
  ] as const) {
    await mkdir(join(root, 'words', split, word), { recursive: true });
    await writeWav(join(root, 'words', split, word, '1.WAV'), tone(hertz), 8000);
  }
  await writeFile(join(root, 'words', 'train', 'go', 'notes.txt'), 'said twice');
});
afterAll(() => rm(root, { recursive: true }));

describe('wav-folder', () => {
  it('takes the folder of a keyword as its label, and splits where there are some', async () => {
    expect(await wavFolder.detect(join(root, 'words'))).toBe(0.8);
    expect(await wavFolder.detect(join(root, 'none'))).toBe(0);
    const { id, labels, samples } = await wavFolder.read(join(root, 'words'), options);
    expect([id, labels]).toEqual(['words', ['go', 'stop']]);
    expect(samples.map(({ sample, split }) => [sample.id, sample.label, split])).toEqual([
      ['test/go/1.WAV', 0, 'test'],
      ['train/go/1.WAV', 0, 'train'],
      ['train/stop/1.WAV', 1, 'train'],
    ]);
    expect(new Set(samples.map(({ sample }) => sample.digest)).size).toBe(3);
  });

  it('refuses what is no recording, or lists it', async () => {
    const folder = join(root, 'bad');
    await mkdir(join(folder, 'a'), { recursive: true });
    await writeWav(join(folder, 'a', '1.wav'), tone(300), 8000);
    await writeFile(join(folder, 'a', '2.wav'), 'hello');
    await symlink(join(root, 'nowhere'), join(folder, 'a', '3.wav'));
    await expect(wavFolder.read(folder, options)).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: 'a/2.wav: it is not a WAV file.',
    });
    const { samples, skipped } = await wavFolder.read(folder, { ...options, skipBad: true });
    expect([samples.length, skipped.map(({ id }) => id)]).toEqual([1, ['a/2.wav', 'a/3.wav']]);
  });
});

describe('a clip', () => {
  it('is read by path, by URL and from bytes alike', async () => {
    const path = join(root, 'words', 'train', 'go', '1.WAV');
    const clips = await Promise.all([readClip(path), readClip(pathToFileURL(path)), readClip(path, 'my clip')]);
    expect(new Set(clips.map(({ digest }) => digest)).size).toBe(1);
    expect(clips.map(({ id }) => id)).toEqual([path, pathToFileURL(path).href, 'my clip']);
    await expect(readClip(join(root, 'none.wav'))).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringContaining('ENOENT') as string,
    });
    await expect(readClip(root)).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringContaining('EISDIR') as string,
    });
    expect(await soundOf(clips[0]!, 16_000)).toHaveLength(1600);
  });

  it('is put into the middle of silence, or cut to where it is loudest', () => {
    expect([...fitLength(Float32Array.of(1, 2), 5)]).toEqual([0, 1, 2, 0, 0]);
    expect([...fitLength(Float32Array.of(1, 0, 3, -4, 1, 0), 3)]).toEqual([3, -4, 1]);
    expect([...fitLength(Float32Array.of(1, 1, 1), 2)]).toEqual([1, 1]);
    expect([...fitLength(Float32Array.of(1, 2), 2)]).toEqual([1, 2]);
  });
});
