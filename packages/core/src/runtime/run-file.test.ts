import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { temporaryBeside } from '@headstart/artifacts/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeCheckpoint } from '../training/checkpoint.ts';
import { newRunState } from '../training/run-state.ts';
import {
  createRunFile,
  discardUnstarted,
  readRunFile,
  removeRunFile,
  removeUnfinished,
  type RunFile,
} from './run-file.ts';

const run: RunFile = { runId: 'r', request: { target: 't', epochs: 3 }, fingerprint: 'f', backend: { name: 'cpu' } };

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-run-'));
  folder = join(root, 'runs', 'one');
});
afterEach(() => rm(root, { recursive: true }));

describe('a run file', () => {
  it('comes back as it was written', async () => {
    await createRunFile(folder, run);
    expect(await readRunFile(folder)).toMatchObject(run);
    await removeRunFile(folder);
    await expect(readRunFile(folder)).rejects.toMatchObject({
      code: 'resume-mismatch',
      message: expect.stringContaining('run.json is missing') as string,
    });
  });

  it.each(['run.json', 'model.json', 'checkpoint.safetensors'])(
    'is not put into a folder that has a %s',
    async (name) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), 'here before');
      await expect(createRunFile(folder, run)).rejects.toMatchObject({ code: 'invalid-option' });
      expect(await readdir(folder)).toEqual([name]);
      expect(await readFile(join(folder, name), 'utf8')).toBe('here before');
    },
  );

  it('cannot be where a file is', async () => {
    await writeFile(join(root, 'runs'), 'in the way');
    await expect(createRunFile(folder, run)).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it.each(['', '{', '[]', '{"format":"headstart-run","version":2}'])('that holds %j describes no run', async (text) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'run.json'), text);
    await expect(readRunFile(folder)).rejects.toMatchObject({
      code: 'resume-mismatch',
      message: expect.stringContaining('run.json') as string,
    });
  });

  it('says that a finished model has nothing to resume', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'model.json'), '{}');
    await expect(readRunFile(folder)).rejects.toMatchObject({
      code: 'resume-mismatch',
      message: expect.stringContaining('finished model') as string,
    });
  });
});

describe('after a failure', () => {
  it('before the first checkpoint, nothing is left; what the user had there stays', async () => {
    await createRunFile(folder, run);
    await discardUnstarted(folder);
    expect(await readdir(join(root, 'runs'))).toEqual([]);
    await createRunFile(folder, run);
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await discardUnstarted(folder);
    expect(await readdir(folder)).toEqual(['notes.txt']);
    await discardUnstarted(join(root, 'nowhere'));
  });

  it('with a checkpoint, the run can go on', async () => {
    await createRunFile(folder, run);
    await writeCheckpoint(folder, { state: newRunState(), tensors: new Map() });
    await discardUnstarted(folder);
    expect((await readdir(folder)).sort()).toEqual(['checkpoint.safetensors', 'run.json']);
  });

  it('a killed process has left temporary files: those of a run, and only those, are removed', async () => {
    await createRunFile(folder, run);
    for (const name of [
      basename(temporaryBeside(join(folder, 'checkpoint.safetensors'))),
      '.model.json.3-ff.tmp',
      '.mine.tmp',
      'x.tmp',
    ])
      await writeFile(join(folder, name), '');
    await removeUnfinished(folder);
    expect((await readdir(folder)).sort()).toEqual(['.mine.tmp', 'run.json', 'x.tmp']);
  });
});
