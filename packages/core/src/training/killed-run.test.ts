import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { bundledProgram } from '../testing/child-program.test.support.ts';

let program: string;
let root: string;
beforeAll(async () => {
  program = await bundledProgram(fileURLToPath(new URL('./killed-run.test.child.ts', import.meta.url)));
  root = await mkdtemp(join(tmpdir(), 'headstart-killed-'));
});
afterAll(async () => {
  await rm(program);
  await rm(root, { recursive: true });
});

/** Kills the run after the n-th event of a name and so many milliseconds more. */
interface Moment {
  readonly event: string;
  readonly n: number;
  readonly delay: number;
}

/** Runs until the moment, or to the end. */
async function run(
  mode: 'train' | 'resume',
  strategy: string,
  out: string,
  moment?: Moment,
): Promise<'ended' | 'killed'> {
  const child = spawn(process.execPath, [program, mode, strategy, out, join(root, 'cache', out)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, WAIT_AT_THE_END: moment?.event === 'runEnd' ? '1' : '' },
  });
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  const ended = new Promise<string | number>((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? code ?? 'nothing')),
  );
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    if (line !== moment?.event || ++seen !== moment.n) continue;
    await setTimeout(moment.delay);
    child.kill('SIGKILL');
  }
  const end = await ended;
  if (end === 'SIGKILL') return 'killed';
  expect(end, complaints).toBe(0);
  return 'ended';
}

const UNFINISHED = /^\.(checkpoint|weights)\.safetensors\.[0-9a-f]{12}-\d+-[0-9a-f]{12}\.tmp$/;
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

describe('kill -9', () => {
  // The others bring loss terms with unlabelled samples and layers of their own: discriminators, a second head.
  it.each(['gradual-unfreeze', 'adversarial', 'dann', 'cdan', 'mdd', 'self-training:threshold=0.3,rounds=4'])(
    'at any moment costs no more than the work since the last checkpoint: the outcome of %s has the same bytes',
    {
      timeout: 300_000,
    },
    async (strategy) => {
      const whole = join(root, `whole-${strategy}`);
      expect(await run('train', strategy, whole)).toBe('ended');

      const random = new RandomStream('kill');
      const out = join(root, `killed-${strategy}`);
      const moments: Moment[] = [
        // Where everything trains, no features are computed.
        { event: strategy === 'adversarial' ? 'step' : 'features', n: 1, delay: 0 },
        ...Array.from({ length: ['gradual-unfreeze', 'adversarial'].includes(strategy) ? 4 : 2 }, () => ({
          event: random.pick(['step', 'checkpoint']),
          n: 1 + random.int(strategy === 'gradual-unfreeze' ? 25 : 9),
          delay: random.int(12),
        })),
        { event: 'runEnd', n: 1, delay: 0 },
      ];
      for (const [i, moment] of moments.entries()) {
        expect(await run(i === 0 ? 'train' : 'resume', strategy, out, moment), JSON.stringify(moment)).toBe('killed');
        const files = (await readdir(out)).filter((name) => !UNFINISHED.test(name)).sort();
        expect(files, JSON.stringify(moment)).toContain('run.json');
        const model = ['history.jsonl', 'model.json', 'weights.safetensors'];
        const allowed = [
          'run.json',
          'checkpoint.safetensors',
          '.run.lock',
          '.run.owner',
          ...(moment.event === 'runEnd' ? model : []),
        ];
        expect(
          files.filter((name) => !allowed.includes(name)),
          JSON.stringify(moment),
        ).toEqual([]);
      }
      expect(await run('resume', strategy, out)).toBe('ended');
      expect((await weightsOf(out)).equals(await weightsOf(whole))).toBe(true);
      expect((await readdir(out)).sort()).toEqual(['history.jsonl', 'model.json', 'weights.safetensors']);
    },
  );
});
