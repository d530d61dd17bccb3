import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from './made-folder.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-made-'))));
afterEach(() => rm(root, { recursive: true }));

it('makes a folder once, and leaves nothing of one that failed', async () => {
  const folder = join(root, 'kept/things');
  const failing = async (work: string) => {
    await writeFile(join(work, 'half'), 'x');
    throw new Error('the power failed');
  };
  await expect(makeFolder(folder, failing)).rejects.toMatchObject({ code: 'storage-failed' });
  expect(await readdir(join(root, 'kept'))).toEqual([]);
  await makeFolder(folder, (work) => writeFile(join(work, 'a'), 'one'));
  await makeFolder(folder, failing);
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('one');
});

it('keeps what another process made meanwhile', async () => {
  const folder = join(root, 'things');
  await makeFolder(folder, async (work) => {
    await mkdir(folder);
    await writeFile(join(folder, 'theirs'), '');
    await writeFile(join(work, 'ours'), '');
  });
  expect(await readdir(folder)).toEqual(['theirs']);
  expect(await readdir(root)).toEqual(['things']);
});
