import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childArguments } from '../testing/child-program.test.support.ts';
import { holdingRun } from './run-lock.ts';

const program = fileURLToPath(new URL('./run-lock.test.child.ts', import.meta.url));
const MODEL = ['history.jsonl', 'model.json', 'weights.safetensors'];

let root: string;
let out: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-lock-'));
  out = join(root, 'run');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true, maxRetries: 3 });
});

interface Outcome {
  readonly model?: string;
  readonly code?: string;
  readonly message?: string;
}

/** A process that trains or resumes. `started` is fulfilled by its first step, the outcome undefined where it was killed. */
function start(mode: 'train' | 'resume') {
  const child = spawn(process.execPath, [...childArguments, program, mode, out, join(root, 'cache')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface(child.stdout);
  const started = new Promise<void>((resolve) => lines.once('line', () => resolve()));
  let last = '';
  lines.on('line', (line) => (last = line));
  const outcome = new Promise<Outcome | undefined>((resolve) => {
    child.on('close', (_, signal) => resolve(signal ? undefined : (JSON.parse(last) as Outcome)));
  });
  return { child, started, outcome };
}

describe('a run', { timeout: 180_000 }, () => {
  it('is trained by one process at a time, and by another as soon as that is gone', async () => {
    const first = start('train');
    await first.started;
    const who = `is being trained by process ${first.child.pid}, since `;
    const [resumed, again] = await Promise.all([start('resume').outcome, start('train').outcome]);
    expect(resumed).toEqual({ code: 'run-in-use', message: expect.stringContaining(who) as string });
    expect(again).toEqual({ code: 'run-in-use', message: expect.stringContaining(who) as string });

    first.child.kill('SIGKILL');
    expect(await first.outcome).toBeUndefined();
    expect(await readdir(out)).toContain('.run.lock');
    expect(await start('resume').outcome).toEqual({ model: out });
    expect((await readdir(out)).sort()).toEqual(MODEL);
  });

  it.skipIf(process.platform === 'win32')(
    'that another process took over from a suspended one is left alone by that when it wakes',
    async () => {
      const first = start('train');
      await first.started;
      first.child.kill('SIGSTOP');
      const longAgo = new Date(Date.now() - 60_000);
      await utimes(join(out, '.run.lock'), longAgo, longAgo);
      const second = start('resume');
      expect(await second.outcome).toEqual({ model: out });
      const files = await Promise.all(MODEL.map((name) => readFile(join(out, name))));
      first.child.kill('SIGCONT');
      expect(await first.outcome).toEqual({
        code: 'run-in-use',
        message: expect.stringContaining('took over') as string,
      });
      expect((await readdir(out)).sort()).toEqual(MODEL);
      for (const [i, name] of MODEL.entries()) expect((await readFile(join(out, name))).equals(files[i]!)).toBe(true);
    },
  );
});

describe('the lock of a run', () => {
  it('is not taken twice in one process, is let go at the end, and leaves no empty folder', async () => {
    const inside = holdingRun(out, async () => {
      expect(JSON.parse(await readFile(join(out, '.run.owner'), 'utf8'))).toMatchObject({
        host: hostname(),
        pid: process.pid,
      });
      return holdingRun(out, () => Promise.resolve('twice'));
    });
    await expect(inside).rejects.toMatchObject({
      code: 'run-in-use',
      message: expect.stringContaining('by this process') as string,
    });
    expect(await readdir(root)).toEqual([]);
    expect(await holdingRun(out, () => Promise.resolve('free'))).toBe('free');
    expect(await readdir(root)).toEqual([]);
  });
});
