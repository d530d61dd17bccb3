/**
 * Whether strategies learn enough of few samples by their usual length of training: each strategy beside the linear probe
 * on 30, 100 and 300 rows (sentences of reviews) or pictures (drawn shapes), split as a user's are, and judged on 300 fresh
 * ones. Prints accuracy and negative log-likelihood, means over seeds, and the difference of accuracy from the probe's.
 *
 *   npm run measure -- budgets [texts|pictures] [sizes=30,100,300] [seeds=3] [steps=…]
 *     [strategies=fine-tune,lp-ft,gradual-unfreeze,l2-sp] [site=amazon]
 *
 * Texts have lora besides, whose adapters go on matrices: the network of the pictures has none.
 */
import { compose } from '../workspace/compose.ts';

import { silentProgress } from '@headstart/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawShapes, SHAPE_NAMES } from './drawn-shapes.ts';
import { reviewTable } from './review-table.ts';

const words = process.argv.slice(2);
const options = new Map(
  words.filter((word) => word.includes('=')).map((word) => word.split('=', 2) as [string, string]),
);
const parts = words.filter((word) => !word.includes('='));
const wants = (part: string) => parts.length === 0 || parts.includes(part);
const sizes = (options.get('sizes') ?? '30,100,300').split(',').map(Number);
const seeds = Array.from({ length: Number(options.get('seeds') ?? 3) }, (_, seed) => seed);
const steps = options.has('steps') ? Number(options.get('steps')) : undefined;
const WHOLE = ['fine-tune', 'lp-ft', 'gradual-unfreeze', 'l2-sp'];
const asked = options.get('strategies')?.split(',');
const FRESH = 300;

const headstart = await compose(silentProgress);
const folder = await mkdtemp(join(tmpdir(), 'headstart-budgets-'));
let made = 0;
const place = (ending = '') => join(folder, `${++made}${ending}`);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** So many samples to learn from, and fresh ones. */
type Data = (size: number, seed: number) => Promise<{ readonly target: string; readonly fresh: string }>;

async function measure(name: string, tuned: readonly string[], dataOf: Data): Promise<void> {
  console.log(`${name}: accuracy (less the probe's) and nll on ${FRESH} fresh ones, mean of ${seeds.length} seeds`);
  for (const size of sizes) {
    const data = await Promise.all(seeds.map((seed) => dataOf(size, seed)));
    let probed: number | undefined;
    for (const strategy of ['linear-probe', ...tuned]) {
      const found: { accuracy: number; nll: number; seconds: number }[] = [];
      let epochs = '';
      for (const seed of seeds) {
        const request = {
          target: data[seed]!.target,
          strategy,
          seed,
          steps: strategy === 'linear-probe' ? undefined : steps,
        };
        const { model, seconds } = await headstart.train(
          { ...request, out: place() },
          { events: { choice: ({ what, value }) => void (what === 'epochs' && (epochs = value)) } },
        );
        const trained = await headstart.load(model);
        const { accuracy, nll } = (await trained.evaluate(data[seed]!.fresh, { split: 'all' })).metrics.values;
        trained.dispose();
        found.push({ accuracy: accuracy!, nll: nll!, seconds: seconds.training });
      }
      const accuracy = mean(found.map((each) => each.accuracy));
      probed ??= accuracy;
      const gain = accuracy - probed;
      console.log(
        [
          String(size).padStart(4),
          strategy.padEnd(18),
          `epochs ${epochs.padStart(3)}`,
          `accuracy ${accuracy.toFixed(3)} ${gain >= 0 ? '+' : ''}${gain.toFixed(3)}`,
          `nll ${mean(found.map(({ nll }) => nll)).toFixed(3)}`,
          `by seed ${found.map((each) => each.accuracy.toFixed(3)).join(' ')}`,
          `${mean(found.map(({ seconds }) => seconds)).toFixed(0)} s of training`,
        ].join('   '),
      );
    }
  }
}

/** Rows of one site's reviews in random order, each class half of them. */
const texts: Data = async (size, seed) => {
  const site = options.get('site') ?? 'amazon';
  const rows = (from: number, half: number) => ({ site, seed, from, counts: [half, half] as const });
  return {
    target: await reviewTable(headstart, place('.csv'), rows(0, size / 2)),
    fresh: await reviewTable(headstart, place('.csv'), rows(350, FRESH / 2)),
  };
};

const pictures: Data = async (size, seed) => {
  const perClass = Object.fromEntries(
    SHAPE_NAMES.map((name, i) => [name, Math.floor((size + i) / SHAPE_NAMES.length)]),
  );
  return {
    target: await drawShapes(place(), perClass, seed),
    fresh: await drawShapes(place(), FRESH / SHAPE_NAMES.length, 1000 + seed),
  };
};

try {
  if (wants('texts')) await measure('texts', asked ?? [...WHOLE, 'lora'], texts);
  if (wants('pictures')) await measure('pictures', asked ?? WHOLE, pictures);
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
