/**
 * Fine-tuning NanoDet to the objects of `emoji-scenes`: what trains, with fixed steps, and the same trained on a
 * network of random weights with the same steps; tested on the vendor trained on and, the same layouts,
 * on another's drawings. Three seeds, or those that are named. `models=<folder>` keeps the models and what was
 * measured there, so that a later call goes on where one was left; with `curves=<file.svg>` their validation AP by
 * step is drawn.
 *
 *   npm run measure -- scenes-table [probe|head|whole|tune|usual|probe-random|head-random|scratch] [seed …] [models=…] [curves=…]
 */
import { compose } from '../workspace/compose.ts';

import { definePlugin, silentProgress, type TransferRequest } from '@headstart/core';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawSceneCurves, type SceneCurve } from '../pictures/scene-curves.ts';

interface Row {
  readonly title: string;
  readonly request: Partial<TransferRequest> & { readonly epochs: number; readonly batchSize: number };
  /** The row that does the same with random weights. */
  readonly baseline?: string;
}

/** Epochs of 200 pictures: 1040, 546, 500, 500, 1000, 1040, 546 and 650 steps; `whole` has 1500 on cached features before. */
const PROBE = { strategy: 'linear-probe', epochs: 80, batchSize: 16, learningRate: 6e-3 };
const HEAD = {
  strategy: 'tune-head',
  epochs: 42,
  batchSize: 16,
  learningRate: 1e-3,
  augmentation: 'standard',
  views: 4,
};
const ROWS: Readonly<Record<string, Row>> = {
  probe: { title: 'last 1x1 convolutions, cached features', request: PROBE, baseline: 'probe-random' },
  head: { title: '3x3 and 1x1 of the head, 4 cached views', request: HEAD, baseline: 'head-random' },
  whole: {
    title: '1x1 first, then the whole network',
    request: { strategy: 'lp-ft', epochs: 10, batchSize: 4 },
    baseline: 'scratch',
  },
  tune: {
    title: 'whole network at once',
    request: { strategy: 'fine-tune', epochs: 10, batchSize: 4 },
    baseline: 'scratch',
  },
  usual: {
    title: 'whole network at once, as train does by default',
    request: { strategy: 'fine-tune', epochs: 20, batchSize: 4 },
    baseline: 'scratch',
  },
  'probe-random': {
    title: 'last 1x1 convolutions on random weights',
    request: { ...PROBE, strategy: 'linear-probe-random' },
  },
  'head-random': {
    title: '3x3 and 1x1 of the head on random weights',
    request: { ...HEAD, strategy: 'tune-head-random' },
  },
  scratch: {
    title: 'whole network from random weights',
    request: { strategy: 'from-scratch', epochs: 13, batchSize: 4 },
  },
};
const SCENES = 200;

/** Strategies for a pretrained network as they would do without its weights. */
const randomStarts = definePlugin({
  name: 'random-starts',
  version: '0.1.0',
  headstart: '^0.1',
  setup({ strategies }) {
    for (const id of ['linear-probe', 'tune-head']) {
      const pretrained = strategies.find(id);
      strategies.add({
        id: `${id}-random`,
        description: `${id} on random weights`,
        start: 'random',
        defaults: { epochs: 30, batchSize: 16 },
        plan: (...what) => pretrained().plan(...what),
      });
    }
  },
});

interface Measured {
  readonly own: Readonly<Record<string, number>>;
  readonly cross: Readonly<Record<string, number>>;
  readonly seconds: { readonly features: number; readonly training: number };
  /** AP on the validation scenes after each epoch. */
  readonly validation: readonly number[];
}

const words = process.argv.slice(2);
const option = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
const named = Object.keys(ROWS).filter((row) => words.includes(row));
const rows = named.length > 0 ? named : Object.keys(ROWS);
const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
const seeds = numbers.length > 0 ? numbers : [0, 1, 2];
const models = option('models');
const curves = option('curves');

const folder = models ?? (await mkdtemp(join(tmpdir(), 'headstart-scenes-')));
await mkdir(folder, { recursive: true });
const headstart = await compose(silentProgress, [randomStarts()]);

async function measure(row: string, seed: number): Promise<Measured> {
  const directory = join(folder, `${row}-${seed}`);
  const record = `${directory}.json`;
  const before = await readFile(record, 'utf8').catch(() => undefined);
  if (before !== undefined) return JSON.parse(before) as Measured;
  await rm(directory, { recursive: true, force: true });
  const result = await headstart.train({
    target: 'emoji-scenes-google',
    seed,
    out: directory,
    augmentation: 'none',
    ...ROWS[row]!.request,
  });
  const model = await headstart.load(result.model);
  const cross = (await model.evaluate('emoji-scenes-twitter', { split: 'test' })).metrics.values;
  model.dispose();
  const history = (await readFile(join(result.model, 'history.jsonl'), 'utf8')).trim().split('\n');
  const validation = history.map((line) => (JSON.parse(line) as { validation: { AP: number } }).validation.AP);
  const measured: Measured = { own: result.metrics.test!, cross, seconds: result.seconds, validation };
  await writeFile(record, JSON.stringify(measured));
  return measured;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const each = (values: readonly number[]) =>
  `${mean(values).toFixed(3)} (${values.map((value) => value.toFixed(3)).join(', ')})`;

function print(title: string, measured: readonly Measured[]): void {
  const pick = (which: 'own' | 'cross', metric: string) => each(measured.map((one) => one[which][metric]!));
  console.log(`${title.padEnd(42)} test AP ${pick('own', 'AP')} AP50 ${pick('own', 'AP50')}`);
  console.log(
    `${''.padEnd(42)} cross AP ${pick('cross', 'AP')} AP50 ${pick('cross', 'AP50')}  features + training s: ${measured.map(({ seconds }) => `${seconds.features.toFixed(0)} + ${seconds.training.toFixed(0)}`).join(', ')}`,
  );
}

/** Validation AP by step, the mean over the seeds. */
function curveOf(row: string, measured: readonly Measured[]): SceneCurve {
  const { title, request, baseline } = ROWS[row]!;
  const steps = Math.ceil(SCENES / request.batchSize);
  const length = Math.min(...measured.map(({ validation }) => validation.length));
  const points = Array.from({ length }, (_, epoch) => ({
    step: (epoch + 1) * steps,
    AP: mean(measured.map(({ validation }) => validation[epoch]!)),
  }));
  return { row, title, points, pretrained: baseline !== undefined };
}

/** How many of its steps a transfer took to what its baseline came to in the end. */
function overtaking(of: ReadonlyMap<string, SceneCurve>): void {
  for (const [row, { points }] of of) {
    const baseline = of.get(ROWS[row]!.baseline ?? '');
    if (baseline === undefined) continue;
    const best = Math.max(...baseline.points.map(({ AP }) => AP));
    const reached = points.find(({ AP }) => AP >= best);
    console.log(
      `${row}: validation AP ${best.toFixed(3)}, the best of random weights in ${baseline.points.at(-1)!.step} steps, after ${reached?.step ?? 'no'} steps`,
    );
  }
}

try {
  const drawn = new Map<string, SceneCurve>();
  for (const row of rows) {
    const measured: Measured[] = [];
    for (const seed of seeds) {
      measured.push(await measure(row, seed));
      const { own, cross, seconds } = measured.at(-1)!;
      console.error(
        `${row} seed ${seed}: AP ${own.AP!.toFixed(4)} cross ${cross.AP!.toFixed(4)} ${seconds.features.toFixed(0)} + ${seconds.training.toFixed(0)} s`,
      );
    }
    print(ROWS[row]!.title, measured);
    drawn.set(row, curveOf(row, measured));
  }
  overtaking(drawn);
  if (curves !== undefined) await writeFile(curves, await drawSceneCurves([...drawn.values()]));
} finally {
  await headstart.close();
  if (models === undefined) await rm(folder, { recursive: true });
}
