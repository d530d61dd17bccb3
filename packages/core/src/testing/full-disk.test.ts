import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childArguments } from './child-program.test.support.ts';

const MOUNT = 'mount -t tmpfs -o size=512k none "$1" && shift';
/** A user namespace lets anyone mount a disk of a chosen size; some systems forbid it. */
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0;

interface Try {
  readonly error?: { code: string; message: string };
  readonly left: string[];
}
interface Outcome {
  readonly model: Try[];
  readonly run: Try[];
  readonly checkpoint: Try[];
  readonly previousCheckpointKept: boolean[];
  readonly features: Try[];
  readonly train: Try[];
  readonly resumed: string[];
  readonly weights: string;
}

describe.skipIf(!canMount)('a full disk', () => {
  let root: string;
  let outcome: Outcome;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-full-'));
    await mkdir(join(root, 'disk'));
    const child = fileURLToPath(new URL('./full-disk.test.child.ts', import.meta.url));
    const program = [process.execPath, ...childArguments, child, join(root, 'disk'), join(root, 'cache')];
    const { stdout } = await promisify(execFile)(
      'unshare',
      ['-rm', 'sh', '-c', `${MOUNT} && exec "$@"`, 'sh', join(root, 'disk'), ...program],
      {
        maxBuffer: 2 ** 24,
      },
    );
    outcome = JSON.parse(stdout) as Outcome;
  });
  afterAll(() => rm(root, { recursive: true }));

  function failures(tries: readonly Try[]): readonly Try[] {
    expect(tries.length).toBeGreaterThan(1);
    const failed = tries.slice(0, -1);
    for (const { error } of failed) expect(error).toMatchObject({ code: 'storage-full' });
    return failed;
  }

  it('leaves no part of a model, whichever file fills it', () => {
    for (const { left } of failures(outcome.model)) expect(left).toEqual([]);
    expect(outcome.model.at(-1)!.left).toEqual([
      'history.jsonl',
      'model.json',
      'source',
      'source/deep',
      'source/deep/words.txt',
      'source/graph.json',
      'weights.safetensors',
    ]);
  });

  it('leaves no run folder', () => {
    for (const { left } of failures(outcome.run)) expect(left).toEqual([]);
  });

  it('keeps the checkpoint before', () => {
    for (const { left } of failures(outcome.checkpoint)) expect(left).toEqual(['checkpoint.safetensors']);
    expect(outcome.previousCheckpointKept).not.toContain(false);
  });

  it('leaves no part of a feature segment', () => {
    for (const { left } of failures(outcome.features)) expect(left).toEqual([]);
    expect(outcome.features.at(-1)!.left).toHaveLength(2);
  });

  it('ends a run with nothing left, or with all that it needs to go on to the same weights', () => {
    for (const { left } of failures(outcome.train))
      expect([[], ['checkpoint.safetensors', 'run.json']]).toContainEqual(left);
    expect(outcome.resumed.length).toBeGreaterThan(0);
    for (const weights of outcome.resumed) expect(weights).toBe(outcome.weights);
  });
});
