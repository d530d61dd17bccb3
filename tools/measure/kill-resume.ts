/**
 * Trains once without interruption, then again and again with kill -9 at random moments, resuming
 * each time; the final weights must be the same bytes.
 *
 *   npm run measure -- kill-resume [kills=20] [seed=0]
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RandomStream } from '@headstart/core';
import { workspaceRoot } from '../workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';

const [kills = 20, seed = 0] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'headstart-kill-'));
const random = new RandomStream(seed).child('kill');
const settings = [
  '--strategy',
  'gradual-unfreeze',
  '--shots',
  '4',
  '--epochs',
  '3',
  '--batch',
  '8',
  '--augmentation',
  'light',
  '--ema',
  '0.9',
  '--checkpoint-every',
  '1',
  '--split',
  '50/10/40',
  '--seed',
  '1',
  '--json',
];

/** Runs the command; gives its exit code, or null where it was killed after `milliseconds`. */
async function headstart(args: string[], cache: string, milliseconds?: number): Promise<number | null> {
  const child = spawn(
    process.execPath,
    [...sourceArguments, join(workspaceRoot, 'packages/cli/src/main.ts'), ...args],
    {
      stdio: 'ignore',
      // Features of its own, so that kills hit their computation too; downloads are shared.
      env: { ...sourceEnvironment(), HEADSTART_FEATURES: cache },
    },
  );
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  if (milliseconds !== undefined) {
    const timer = new AbortController();
    void setTimeout(milliseconds, undefined, { signal: timer.signal }).then(
      () => child.kill('SIGKILL'),
      () => {},
    );
    const code = await ended;
    timer.abort();
    return code;
  }
  return ended;
}

const weights = (run: string) => readFile(join(run, 'weights.safetensors'));

try {
  const whole = join(folder, 'whole');
  const started = performance.now();
  const code = await headstart(['train', 'emoji-google', '--out', whole, ...settings], join(folder, 'features-whole'));
  if (code !== 0) throw new Error(`The uninterrupted run failed with exit code ${code}.`);
  let duration = performance.now() - started;
  const expected = await weights(whole);
  console.log(`uninterrupted: ${(duration / 1000).toFixed(1)} s, ${expected.length} bytes of weights`);

  let done = 0;
  let same = 0;
  for (let round = 0; done < kills; round++) {
    const run = join(folder, `round-${round}`);
    const cache = join(folder, `features-${round}`);
    const began = performance.now();
    let attempts = 0;
    for (;;) {
      const args = existsSync(join(run, 'run.json'))
        ? ['train', '--resume', run, '--json']
        : ['train', 'emoji-google', '--out', run, ...settings];
      const after = attempts < 2 && done < kills ? random.uniform(0.02, 1) * duration : undefined;
      const result = await headstart(args, cache, after);
      if (result === 0) break;
      if (result !== null) throw new Error(`Round ${round} failed with exit code ${result}.`);
      attempts += 1;
      done += 1;
      console.log(`  kill ${done}: round ${round}, after ${(after! / 1000).toFixed(1)} s`);
    }
    const equal = (await weights(run)).equals(expected);
    const left = (await readdir(run)).filter(
      (name) => !['model.json', 'weights.safetensors', 'history.jsonl'].includes(name),
    );
    console.log(
      `round ${round}: ${attempts} kills, weights ${equal ? 'identical' : 'DIFFER'}${left.length ? `, left over: ${left.join(', ')}` : ''}`,
    );
    // A machine that has become quieter finishes before the moment that was drawn.
    if (attempts === 0) duration = performance.now() - began;
    if (equal) same += 1;
    else process.exitCode = 1;
    await rm(run, { recursive: true });
    await rm(cache, { recursive: true, force: true });
    if (done >= kills)
      console.log(`${done} kills in ${round + 1} rounds: ${same} of ${round + 1} final weights byte-identical`);
  }
} finally {
  await rm(folder, { recursive: true });
}
