/**
 * Which epoch to keep. `shapes`: four drawn shapes, 18 of each, two validation pictures a class, five draws: which epoch
 * is kept, and its accuracy on 100 fresh pictures. `sizes`: from how many validation samples on it pays to choose by them.
 * Runs with large validation splits tell what each epoch says of each sample; of these, small validation splits are drawn
 * again and again, an epoch chosen by each, and compared with the last one on the samples that are left.
 *
 *   npm run measure -- choosing [shapes|sizes] [draws=5] [seeds=2] [epochs=30] [strategies=linear-probe] [targets=…]
 */
import { compose } from '../workspace/compose.ts';

import { definePlugin, RandomStream, silentProgress, type TransferRequest } from '@headstart/core';
import type { ClassificationEvidence, Metric } from '@headstart/core/metrics';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawShapes } from './drawn-shapes.ts';

const words = process.argv.slice(2);
const options = new Map(
  words.filter((word) => word.includes('=')).map((word) => word.split('=', 2) as [string, string]),
);
const parts = words.filter((word) => !word.includes('='));
const strategies = options.get('strategies')?.split(',') ?? ['linear-probe'];
const wants = (part: string) => parts.length === 0 || parts.includes(part);

let seen: ClassificationEvidence | undefined;
/** Keeps what it is computed from: registered metrics are computed after every epoch, too. */
const looking: Metric<'classification'> = {
  id: 'looking',
  kind: 'classification',
  description: 'What it was asked about',
  compute(evidence) {
    seen = evidence;
    return 0;
  },
};
const watching = definePlugin({
  name: 'watching',
  version: '1.0.0',
  headstart: '^0.1',
  setup: ({ metrics }) => metrics.add(looking),
});

const headstart = await compose(silentProgress, [watching()]);
const folder = await mkdtemp(join(tmpdir(), 'headstart-choosing-'));
let made = 0;
const place = () => join(folder, String(++made));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

async function shapes(strategy: string): Promise<void> {
  console.log(`four drawn shapes, 18 a class, ${strategy}`);
  for (let draw = 0; draw < Number(options.get('draws') ?? 5); draw++) {
    const target = await drawShapes(place(), 18, draw);
    const fresh = await drawShapes(place(), 25, 1000 + draw);
    const { model, samples, chosen } = await headstart.train({ target, strategy, out: place(), seed: draw });
    const trained = await headstart.load(model);
    const { values } = (await trained.evaluate(fresh, { split: 'all' })).metrics;
    trained.dispose();
    const { epoch, of, why } = chosen.at(-1)!;
    console.log(
      `draw ${draw}   validation ${samples['validation']}   epoch ${epoch} of ${of}   fresh accuracy ${values['accuracy']!.toFixed(4)}   nll ${values['nll']!.toFixed(4)}   ${why}`,
    );
  }
}

/** For each epoch, whether it is right about each sample, and the loss of it. */
interface Epoch {
  readonly right: readonly boolean[];
  readonly losses: readonly number[];
}

async function epochsOf(request: TransferRequest): Promise<Epoch[]> {
  const epochs: Epoch[] = [];
  await headstart.train(request, {
    events: {
      epochEnd() {
        const { probabilities, truth, labels } = seen!;
        const rows = Array.from(truth, (_, i) => probabilities.subarray(i * labels.length, (i + 1) * labels.length));
        epochs.push({
          right: rows.map((row, i) => row.indexOf(Math.max(...row)) === truth[i]),
          losses: rows.map((row, i) => -Math.log(Math.max(1e-12, row[truth[i]!]!))),
        });
      },
    },
  });
  return epochs;
}

const SIZES = [4, 8, 12, 16, 20, 30, 50, 100];
const RESAMPLES = 2000;

/** Accuracy points that the epoch chosen by `size` samples has beyond the last epoch, on all other samples. */
function gainOf(epochs: readonly Epoch[], size: number, earliest: boolean, random: RandomStream): number {
  const count = epochs[0]!.right.length;
  const totals = epochs.map(({ right }) => right.filter(Boolean).length);
  let gain = 0;
  for (let r = 0; r < RESAMPLES; r++) {
    const chosen = random.child(r).permutation(count).subarray(0, size);
    const scores = epochs.map(({ right, losses }) => {
      let hits = 0;
      let loss = 0;
      for (const i of chosen) {
        if (right[i]) hits++;
        loss += losses[i]!;
      }
      return { hits, loss };
    });
    let best = 0;
    scores.forEach(({ hits, loss }, e) => {
      const known = scores[best]!;
      if (hits > known.hits || (!earliest && hits === known.hits && loss <= known.loss)) best = e;
    });
    const last = epochs.length - 1;
    const fresh = (e: number) => (totals[e]! - scores[e]!.hits) / (count - size);
    gain += fresh(best) - fresh(last);
  }
  return (100 * gain) / RESAMPLES;
}

async function sizes(): Promise<void> {
  const targets = options.get('targets')?.split(',') ?? [
    'sentiment-amazon',
    'sentiment-imdb',
    'chat-english',
    'emoji-google',
  ];
  const seeds = Number(options.get('seeds') ?? 2);
  const epochs = options.has('epochs') ? Number(options.get('epochs')) : undefined;
  console.log('points of accuracy that the chosen epoch has beyond the last one, by validation samples');
  console.log(`${''.padEnd(46)}${SIZES.map((size) => String(size).padStart(8)).join('')}`);
  const all: { tie: number[][]; earliest: number[][] } = { tie: [], earliest: [] };
  for (const target of targets)
    for (const strategy of strategies)
      for (const shots of [8, 40]) {
        const rows: { tie: number[][]; earliest: number[][] } = { tie: [], earliest: [] };
        for (let seed = 0; seed < seeds; seed++) {
          const told = await epochsOf({ target, strategy, shots, seed, epochs, split: [40, 60, 0], out: place() });
          const random = new RandomStream('choosing').child(target, strategy, shots, seed);
          rows.tie.push(SIZES.map((size) => gainOf(told, size, false, random.child(size))));
          rows.earliest.push(SIZES.map((size) => gainOf(told, size, true, random.child(size))));
        }
        all.tie.push(...rows.tie);
        all.earliest.push(...rows.earliest);
        print(`${target} ${strategy} ${shots} shots`, rows.tie);
      }
  print('all, ties by loss, then later', all.tie);
  print('all, ties by the earliest', all.earliest);
}

function print(name: string, rows: readonly (readonly number[])[]): void {
  const means = SIZES.map((_, i) => mean(rows.map((row) => row[i]!)));
  console.log(`${name.padEnd(46)}${means.map((value) => value.toFixed(2).padStart(8)).join('')}`);
}

try {
  if (wants('shapes')) for (const strategy of strategies) await shapes(strategy);
  if (wants('sizes')) await sizes();
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
