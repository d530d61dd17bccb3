/**
 * Headstart beside PyTorch, Keras and sentence-transformers on the same work; writes
 * benchmarks/peers-<date>[-<works>].md and .json.
 *
 *   npm run bench:peers [-- --only a1,d,o,t,w] [--rounds 3] [--quick] [--large]
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
import { DETECTION_WORKS, detectionWorks } from './detection-works.ts';
import { compareLogits, measureWork, type MeasuredWork } from './measure-work.ts';
import { prepare } from './prepare.ts';
import { prepareTexts } from './prepare-texts.ts';
import { machine, markdown, versions, type Run } from './report.ts';
import { TEXT_WORKS, textWorks } from './text-works.ts';
import { measureJob, WHOLE_JOBS, wholeJobs, type MeasuredJob } from './whole-jobs.ts';
import { PICTURE_WORKS, pictureWorks, type Work } from './works.ts';

const FULL = { rounds: 3, probe: { train: 2000, validation: 400, epochs: 20 } };
const QUICK = { rounds: 1, probe: { train: 256, validation: 128, epochs: 4 } };
const JOBS = {
  quick: { photographs: 60, sentences: 60, epochs: 1 },
  usual: { photographs: 300, sentences: 1000, epochs: 5 },
  large: { photographs: 3000, sentences: 20_000, epochs: 5 },
};
const ALL: readonly string[] = [...PICTURE_WORKS, ...DETECTION_WORKS, ...TEXT_WORKS, ...WHOLE_JOBS];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const load = loadavg()[0]!;
const { rounds: usual, probe } = values.quick ? QUICK : FULL;
const rounds = values.rounds === undefined ? usual : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError(`--rounds is ${values.rounds}; it must be a whole number of at least 1.`);
const chosen = chosenIds();

const folder = await mkdtemp(join(tmpdir(), 'headstart-peers-'));
// Also where a signal ends the run.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const wants = (works: readonly string[]) => works.some((id) => chosen.includes(id));
const bench: Bench = { python: await peersPython(say, { texts: wants([...TEXT_WORKS, ...WHOLE_JOBS]) }), folder };
const pictures = wants(PICTURE_WORKS) ? await picturesReady(bench) : { works: [], logits: new Map<string, number>() };
const detection = wants(DETECTION_WORKS) ? await scenesReady(bench) : [];
const texts = wants(TEXT_WORKS) ? await textsReady(bench) : [];
const measured: MeasuredWork[] = [];
for (const work of [...pictures.works, ...detection, ...texts])
  measured.push(await measureWork(bench, work, work.rounds ?? rounds, say));
const jobs: MeasuredJob[] = [];
for (const job of wants(WHOLE_JOBS) ? await jobsReady(bench) : [])
  jobs.push(await measureJob(bench, job, values.rounds === undefined ? 1 : rounds, say));
await write({
  date: new Date().toISOString().slice(0, 10),
  command: ['npm run bench:peers', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
  machine: machine(load),
  versions: versions(measured, jobs),
  logits: pictures.logits,
  works: measured,
  jobs,
});

/** The works that `--only` names: whole ids, or their letter. */
function chosenIds(): readonly string[] {
  if (values.only === undefined) return ALL;
  const names = values.only.split(',');
  const unknown = names.find((name) => !ALL.some((id) => id === name || id[0] === name));
  if (unknown !== undefined) throw new RangeError(`--only names "${unknown}"; there are ${ALL.join(', ')}.`);
  return ALL.filter((id) => names.includes(id) || names.includes(id[0]!));
}

/** Pictures decoded, initial weights written, and the published network found to give the same logits in every library. */
async function picturesReady(bench: Bench): Promise<{ works: readonly Work[]; logits: Run['logits'] }> {
  say('Decoding the pictures that everyone is given.');
  const prepared = await prepare(folder, probe, terminalProgress());
  const works = pictureWorks(prepared, (network) => join(folder, `${network}.safetensors`), {
    quick: values.quick,
    probe,
  }).filter(({ id }) => chosen.includes(id));
  for (const { task, contestants } of new Map(works.map((work) => [work.task.network, work])).values()) {
    await runTask(bench, contestants[0]!, { ...task, kind: 'weights' });
  }
  return { works, logits: await publishedLogits(bench, works, prepared.checkpoint) };
}

async function publishedLogits(
  bench: Bench,
  works: ReturnType<typeof pictureWorks>,
  checkpoint: string,
): Promise<Run['logits']> {
  const work = works.find(({ task }) => task.network === 'efficientnet-lite0');
  if (!work) return new Map();
  const one = (library: 'headstart' | 'torch' | 'keras', name: string) => ({ library, name, settings: [] });
  const task = { ...work.task, batch: 16, checkpoint };
  return compareLogits(
    bench,
    task,
    [one('headstart', 'Headstart'), one('torch', 'PyTorch'), one('keras', 'Keras')],
    say,
  );
}

/** Scenes encoded and their cells assigned, and the weights that fine-tuning starts from. */
async function scenesReady(bench: Bench): Promise<readonly Work[]> {
  say('Encoding the scenes that everyone is given.');
  const works = detectionWorks(folder, values.quick);
  await runTask(bench, works[0]!.contestants[0]!, { ...works[0]!.task, kind: 'prepare' });
  return works.filter(({ id }) => chosen.includes(id));
}

/** Sentences and the model's files written, the head that fine-tuning starts from, and the model as ONNX. */
async function textsReady(bench: Bench): Promise<readonly Work[]> {
  say('Writing the texts and the model that everyone is given.');
  const works = textWorks(folder, await prepareTexts(folder, terminalProgress()), values.quick);
  await runTask(bench, works[0]!.contestants[0]!, { ...works[0]!.task, kind: 'export' });
  return works.filter(({ id }) => chosen.includes(id));
}

/** The data of whole jobs on disk, and the weights that pictures' jobs start from. */
async function jobsReady(bench: Bench) {
  say('Writing the data of the whole jobs.');
  const progress = terminalProgress();
  const extent = JOBS[values.quick ? 'quick' : values.large ? 'large' : 'usual'];
  return wholeJobs(bench, chosen, extent, {
    progress,
    async imageWeights() {
      const prepared = await prepare(folder, QUICK.probe, progress);
      const weights = join(folder, 'efficientnet-lite0.safetensors');
      const [work] = pictureWorks(prepared, () => weights, { quick: true, probe: QUICK.probe });
      await runTask(bench, work!.contestants[0]!, { ...work!.task, kind: 'weights' });
      return weights;
    },
  });
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
    jobs: run.jobs.map(({ job: { id, title }, entries }) => ({ id, title, entries })),
    works: run.works.map(({ work, rounds, entries }) => ({
      id: work.id,
      title: work.title,
      rounds,
      contestants: entries.map(({ contestant, results, ...entry }) => ({
        ...contestant,
        ...entry,
        results: results.map(({ startMilliseconds, stepMilliseconds, losses, history, peakBytes }) => ({
          startMilliseconds,
          stepMilliseconds,
          losses,
          history,
          peakBytes,
        })),
      })),
    })),
  };
  // Part of the work does not take the place of a whole run of the same day.
  const parts = [...(chosen.length < ALL.length ? chosen : []), ...(values.large ? ['large'] : [])];
  const name = ['peers', run.date, ...parts].join('-');
  await writeFile(join(target, `${name}.md`), text);
  await writeFile(join(target, `${name}.json`), `${JSON.stringify(kept, null, 1)}\n`);
  say(`Written: benchmarks/${name}.md and .json`);
}
