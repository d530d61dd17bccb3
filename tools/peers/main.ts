/**
 * Headstart beside PyTorch and Keras on the same work; writes benchmarks/peers-<date>.md and .json.
 *
 *   npm run bench:peers [-- --only a1,d] [--rounds 3] [--quick]
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceRoot } from '../workspace/root.mjs';
import { terminalProgress } from '../workspace/terminal-progress.ts';
import { runTask, type Bench } from './contestant.ts';
import { peersPython } from './environment.ts';
import { compareLogits, measureWork, type MeasuredWork } from './measure-work.ts';
import { prepare } from './prepare.ts';
import { machine, markdown, versions, type Run } from './report.ts';
import { works as allWorks, type Work } from './works.ts';

const FULL = { rounds: 3, probe: { train: 2000, validation: 400, epochs: 20 } };
const QUICK = { rounds: 1, probe: { train: 256, validation: 128, epochs: 4 } };

const { values } = parseArgs({ options: { only: { type: 'string' }, rounds: { type: 'string' }, quick: { type: 'boolean', default: false } } });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const load = loadavg()[0]!;
const { rounds: usual, probe } = values.quick ? QUICK : FULL;
const rounds = values.rounds === undefined ? usual : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds is ${values.rounds}; it must be a whole number of at least 1.`);

const folder = await mkdtemp(join(tmpdir(), 'headstart-peers-'));
// Also where a signal ends the run.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const python = await peersPython(say);
say('Decoding the pictures that everyone is given.');
const prepared = await prepare(folder, probe, terminalProgress());
const works = chosen(allWorks(prepared, (network) => join(folder, `${network}.safetensors`), { quick: values.quick, probe }));
const bench: Bench = { python, folder };
for (const { task, contestants } of new Map(works.map((work) => [work.task.network, work])).values()) {
  await runTask(bench, contestants[0]!, { ...task, kind: 'weights' });
}
const logits = await publishedLogits(bench, works, prepared.checkpoint);
const measured: MeasuredWork[] = [];
for (const work of works) measured.push(await measureWork(bench, work, work.rounds ?? rounds, say));
await write({
  date: new Date().toISOString().slice(0, 10),
  command: ['npm run bench:peers', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
  machine: machine(load),
  versions: versions(measured),
  logits,
  works: measured,
});

/** The works that `--only` names: whole ids, or their letter. */
function chosen(works: readonly Work[]): readonly Work[] {
  if (values.only === undefined) return works;
  const names = values.only.split(',');
  const unknown = names.find((name) => !works.some(({ id }) => id === name || id[0] === name));
  if (unknown !== undefined) throw new RangeError(`--only names "${unknown}"; there are ${works.map(({ id }) => id).join(', ')}.`);
  return works.filter(({ id }) => names.includes(id) || names.includes(id[0]!));
}

/** Before anything is timed: the published network gives the same logits in every library. */
async function publishedLogits(bench: Bench, works: readonly Work[], checkpoint: string): Promise<Run['logits']> {
  const work = works.find(({ task }) => task.network === 'efficientnet-lite0');
  if (!work) return new Map();
  const one = (library: 'headstart' | 'torch' | 'keras', name: string) => ({ library, name, settings: [] });
  const task = { ...work.task, batch: 16, checkpoint };
  return compareLogits(bench, task, [one('headstart', 'Headstart'), one('torch', 'PyTorch'), one('keras', 'Keras')], say);
}

/** A quick run is a try-out: its table is printed and not kept. */
async function write(run: Run): Promise<void> {
  const text = markdown(run);
  process.stdout.write(text);
  if (values.quick) return;
  const target = join(workspaceRoot, 'benchmarks');
  await mkdir(target, { recursive: true });
  const kept = {
    ...run,
    logits: Object.fromEntries(run.logits),
    works: run.works.map(({ work, rounds, entries }) => ({
      id: work.id,
      title: work.title,
      rounds,
      contestants: entries.map(({ contestant, results, ...entry }) => ({
        ...contestant,
        ...entry,
        results: results.map(({ startMilliseconds, stepMilliseconds, losses, history, peakBytes }) => ({ startMilliseconds, stepMilliseconds, losses, history, peakBytes })),
      })),
    })),
  };
  const path = join(target, `peers-${run.date}`);
  await writeFile(`${path}.md`, text);
  await writeFile(`${path}.json`, `${JSON.stringify(kept, null, 1)}\n`);
  say(`Written: benchmarks/peers-${run.date}.md and .json`);
}
