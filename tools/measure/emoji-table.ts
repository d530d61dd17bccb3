/**
 * Transfer to the emoji categories: half of the emoji to train, the other half to test, three
 * seeds, three vendors; linear probe, LP-FT and from scratch with all and with ten images per class.
 *
 *   npm run measure -- emoji-table [probe|tune|shots]
 */
import { compose } from '../workspace/compose.ts';

import { silentProgress, type TransferRequest, type TransferResult } from '@headstart/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SEEDS = [0, 1, 2];
const VENDORS = ['google', 'twitter', 'apple'];
const parts = process.argv.slice(2);
const wants = (part: string) => parts.length === 0 || parts.includes(part);

const folder = await mkdtemp(join(tmpdir(), 'headstart-emoji-'));
const headstart = await compose(silentProgress);
let runs = 0;

async function measure(name: string, request: TransferRequest, seeds = SEEDS): Promise<void> {
  const results: TransferResult[] = [];
  for (const seed of seeds) {
    results.push(await headstart.train({ split: [50, 0, 50], seed, out: join(folder, String(++runs)), ...request }));
  }
  const accuracies = results.map(({ metrics }) => metrics.test!.accuracy!);
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  const seconds = results.map(
    ({ seconds: { features, training } }) => `${features.toFixed(1)} + ${training.toFixed(1)}`,
  );
  console.log(
    `${name.padEnd(44)} ${mean.toFixed(4)}  (${accuracies.map((value) => value.toFixed(4)).join(', ')})  features + training s: ${seconds.join(', ')}`,
  );
}

try {
  if (wants('probe')) {
    for (const vendor of VENDORS)
      await measure(`linear-probe, ${vendor}`, { target: `emoji-${vendor}`, strategy: 'linear-probe' });
  }
  if (wants('shots')) {
    await measure('10 images per class: linear-probe, google', {
      target: 'emoji-google',
      strategy: 'linear-probe',
      shots: 10,
    });
    await measure('10 images per class: small-cnn, google', {
      target: 'emoji-google',
      source: 'small-cnn',
      strategy: 'from-scratch',
      epochs: 60,
      shots: 10,
    });
  }
  if (wants('tune')) {
    for (const vendor of VENDORS) await measure(`lp-ft, ${vendor}`, { target: `emoji-${vendor}`, strategy: 'lp-ft' });
  }
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
