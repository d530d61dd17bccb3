/**
 * Fine-tuning NanoDet to the objects of `emoji-scenes`: what trains, with fixed steps, against the same
 * network from random weights with the same budget; tested on the vendor trained on and, the same layouts,
 * on another's drawings. Three seeds, or those that are named.
 *
 *   npm run measure -- scenes-table [probe|head|whole|scratch] [seed …]
 */
import { compose } from '../workspace/compose.ts';

import { silentProgress, type TransferRequest } from '@headstart/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Epochs of 200 pictures: 1040, 546, 500 and 650 steps. */
const ROWS: Readonly<Record<string, { title: string; request: Partial<TransferRequest> }>> = {
  probe: { title: 'last 1x1 convolutions, cached features', request: { strategy: 'linear-probe', epochs: 80, batchSize: 16, learningRate: 6e-3 } },
  head: { title: '3x3 and 1x1 of the head, 4 cached views', request: { strategy: 'tune-head', epochs: 42, batchSize: 16, learningRate: 1e-3, augmentation: 'standard', views: 4 } },
  whole: { title: '1x1 first, then the whole network', request: { strategy: 'lp-ft', epochs: 10, batchSize: 4 } },
  scratch: { title: 'whole network from random weights', request: { strategy: 'from-scratch', epochs: 13, batchSize: 4 } },
};

const named = process.argv.slice(2);
const rows = Object.keys(ROWS).filter((row) => named.includes(row));
const seeds = named.filter((name) => /^\d+$/.test(name)).map(Number);

const folder = await mkdtemp(join(tmpdir(), 'headstart-scenes-'));
const headstart = await compose(silentProgress);
let runs = 0;

const mean = (values: readonly number[]) => (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
const each = (values: readonly number[]) => `${mean(values)} (${values.map((value) => value.toFixed(3)).join(', ')})`;

try {
  for (const row of rows.length > 0 ? rows : Object.keys(ROWS)) {
    const { title, request } = ROWS[row]!;
    const [own, cross, seconds]: [Record<string, number>[], Record<string, number>[], string[]] = [[], [], []];
    for (const seed of seeds.length > 0 ? seeds : [0, 1, 2]) {
      const result = await headstart.train({ target: 'emoji-scenes-google', seed, out: join(folder, String(++runs)), augmentation: 'none', ...request });
      const model = await headstart.load(result.model);
      own.push(result.metrics.test!);
      cross.push((await model.evaluate('emoji-scenes-twitter', { split: 'test' })).metrics.values);
      seconds.push(`${result.seconds.features.toFixed(0)} + ${result.seconds.training.toFixed(0)}`);
      model.dispose();
    }
    console.log(`${title.padEnd(42)} test AP ${each(own.map(({ AP }) => AP!))} AP50 ${each(own.map(({ AP50 }) => AP50!))}`);
    console.log(`${''.padEnd(42)} cross AP ${each(cross.map(({ AP }) => AP!))} AP50 ${each(cross.map(({ AP50 }) => AP50!))}  features + training s: ${seconds.join(', ')}`);
  }
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
