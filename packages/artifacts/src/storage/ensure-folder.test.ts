import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureFolder } from './ensure-folder.ts';

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'headstart-ensure-'))));
afterAll(() => rm(root, { recursive: true }));

it('makes folders, several at once the same ones, and is content with those that are there', async () => {
  await Promise.all(Array.from({ length: 8 }, () => ensureFolder(join(root, 'a/b/c/d'))));
  expect(await readdir(join(root, 'a/b/c'))).toEqual(['d']);
  await ensureFolder('/');
  await ensureFolder(root);
});

it('fails where a file is in the way, or the system makes none there', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(ensureFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(ensureFolder(join(root, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  if (process.platform === 'linux')
    await expect(ensureFolder('/proc/nobody/.cache/x')).rejects.toMatchObject({ code: 'ENOENT' });
});
