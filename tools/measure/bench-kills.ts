/**
 * A benchmark that is killed with kill -9 again and again, its workers with it, and resumed until it ends, beside the same
 * benchmark in one go: are results and tables the same to the byte? Kills come at drawn moments, spread over its cells. With
 * `whole=<folder>` the records of the same cells, from a run before, stand for the one in one go, which then trains nothing.
 *
 *   npm run measure -- bench-kills [config=standard] [only=<cells, such as seed=0>] [kills=5] [workers=1] [whole=<folder>]
 */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { workspaceRoot } from '../workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';
import { DrawnFlips } from './flips/drawn-flips.ts';

const options = new Map(
  process.argv.slice(2).map((word) => [word.split('=', 1)[0]!, word.slice(word.indexOf('=') + 1)]),
);
const config = options.get('config') ?? 'standard';
const only = options.get('only');
const kills = Number(options.get('kills') ?? 5);
const workers = options.get('workers') ?? '1';
const whole = options.get('whole');
/** What a run took is measured anew by each run, and so are the seconds among the gains; nothing else may differ. */
const MEASURED = /(?:^|\/)(?:(?:cost|gains)\.\w+|report\.html|report\.json)$/;

const begun = performance.now();
const at = () => ((performance.now() - begun) / 1000).toFixed(0).padStart(5);
const root = await mkdtemp(join(tmpdir(), 'headstart-bench-kills-'));

/** Starts the command as the leader of a process group. */
function start(...args: string[]) {
  const child = spawn(
    process.execPath,
    [...sourceArguments, join(workspaceRoot, 'packages/cli/src/main.ts'), ...args],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: sourceEnvironment(),
      detached: true,
    },
  );
  return { child, ended: once(child, 'exit') as Promise<[number | null]> };
}

const bench = (out: string) =>
  start('bench', config, '--out', out, '--workers', workers, ...(only === undefined ? [] : ['--only', only]));

const recordsOf = async (out: string) =>
  (await readdir(join(out, 'records'), { recursive: true }).catch(() => [])).filter(
    (name) => basename(name) === 'record.json',
  ).length;

async function toItsEnd(out: string): Promise<void> {
  for (const run of [() => bench(out), () => start('report', out)]) {
    const [code] = await run().ended;
    if (code !== 0) throw new Error(`The benchmark in ${out}, or its report, ended with exit code ${code}.`);
  }
}

/** Kills the benchmark once it has so many records, and a moment later than that. */
async function killed(out: string, records: number, pause: number): Promise<void> {
  const { child, ended } = bench(out);
  let alive = true;
  void ended.then(() => (alive = false));
  while (alive && (await recordsOf(out)) < records) await sleep(20);
  await sleep(pause);
  if (!alive) throw new Error(`The benchmark ended before it had ${records} records.`);
  process.kill(-child.pid!, 'SIGKILL');
  await ended;
}

try {
  const [once, again] = [join(root, 'once'), join(root, 'killed')];
  if (whole !== undefined) await cp(join(whole, 'records'), join(once, 'records'), { recursive: true });
  await toItsEnd(once);
  const files = (await readdir(once, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(once, join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('records') && !MEASURED.test(name))
    .sort();
  const cells = (JSON.parse(await readFile(join(once, 'results.json'), 'utf8')) as { done: number }).done;
  console.log(`${at()} s  in one go: ${cells} cells`);

  const drawn = new DrawnFlips();
  for (let i = 0; i < kills; i++) {
    const reached = Math.floor((cells * i) / kills);
    await killed(again, reached, 500 + drawn.below(15_000));
    console.log(`${at()} s  killed with ${await recordsOf(again)} of ${cells} records`);
  }
  await toItsEnd(again);
  console.log(`${at()} s  resumed to its end`);

  const different: string[] = [];
  for (const file of files)
    if (!(await readFile(join(once, file))).equals(await readFile(join(again, file)).catch(() => Buffer.alloc(0))))
      different.push(file);
  console.log(`${files.length - different.length} of ${files.length} files equal to the byte: ${files.join(', ')}`);
  for (const file of different) console.log(`different: ${file}`);
  if (different.length > 0) process.exitCode = 1;
} finally {
  await rm(root, { recursive: true, force: true });
}
