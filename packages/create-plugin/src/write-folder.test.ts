import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFolder } from './write-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-create-'));
});
afterEach(() => rm(root, { recursive: true }));

const files = new Map<string, string | Uint8Array>([
  ['a.txt', 'text'],
  ['deep/er/b.bin', Uint8Array.of(0, 255)],
]);
const left = () => readdir(root, { recursive: true });

describe('a folder that is written whole', () => {
  it('has the files, and nothing lies beside it', async () => {
    await writeFolder(join(root, 'new', 'plugin'), files);
    expect(await readFile(join(root, 'new/plugin/a.txt'), 'utf8')).toBe('text');
    expect([...(await readFile(join(root, 'new/plugin/deep/er/b.bin')))]).toEqual([0, 255]);
    expect(await readdir(join(root, 'new'))).toEqual(['plugin']);
  });

  it('is not there where its last file cannot be written, nor what was made for it', async () => {
    const bad = new Map([...files, [`${'x'.repeat(300)}.txt`, '']]);
    await expect(writeFolder(join(root, 'new', 'plugin'), bad)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await left()).toEqual([]);
    await expect(writeFolder(root, bad)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await left()).toEqual([]);
  });

  it('does not replace one that is not empty', async () => {
    await writeFolder(join(root, 'plugin'), files);
    await expect(writeFolder(join(root, 'plugin'), new Map([['c.txt', '']]))).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('is not empty') as string,
    });
    expect((await readdir(join(root, 'plugin'))).sort()).toEqual(['a.txt', 'deep']);
  });

  it.skipIf(process.platform === 'win32')('is refused where this user may not write', async () => {
    await chmod(root, 0o555);
    // The superuser may write anywhere, so the test steps down to a user who may not.
    const isRoot = process.geteuid!() === 0;
    if (isRoot) process.seteuid!(65_534);
    try {
      await expect(writeFolder(join(root, 'plugin'), files)).rejects.toMatchObject({
        code: 'storage-denied',
        message: expect.stringContaining(join(root, 'plugin')) as string,
      });
    } finally {
      if (isRoot) process.seteuid!(0);
      await chmod(root, 0o755);
    }
    expect(await left()).toEqual([]);
  });
});
