import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeAbandoned, temporaryBeside } from './atomic-file.ts';
import { machineDigest } from './machine.ts';

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'headstart-atomic-'))));
afterAll(() => rm(root, { recursive: true }));

it('removes what ended processes of this machine have left, and nothing of others', async () => {
  const target = join(root, 'model');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const own = basename(temporaryBeside(target));
  const dead = own.replace(`-${process.pid}-`, `-${pid}-`);
  const elsewhere = dead.replace(machineDigest(), '0'.repeat(12));
  const named = dead.replace('.model.', '.other.');
  for (const name of [own, dead, elsewhere, named]) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'half'), '');
  }
  await removeAbandoned(target);
  expect((await readdir(root)).sort()).toEqual([own, elsewhere, named].sort());
});
