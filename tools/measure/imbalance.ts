/**
 * A hundred samples of one class beside ten of another: recall of the rare one on fresh samples by a linear probe without a
 * remedy, with class weights, and with balanced sampling, after 30, 150 (as usual) and 1,000 epochs. Of texts (reviews), and of
 * pictures (drawn shapes).
 *
 *   npm run measure -- imbalance [texts|pictures] [epochs=30,150,1000] [seeds=3] [site=amazon]
 */
import { compose } from '../workspace/compose.ts';

import { silentProgress, type TransferRequest } from '@headstart/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawShapes } from './drawn-shapes.ts';
import { reviewTable } from './review-table.ts';

const words = process.argv.slice(2);
const options = new Map(
  words.filter((word) => word.includes('=')).map((word) => word.split('=', 2) as [string, string]),
);
const parts = words.filter((word) => !word.includes('='));
const wants = (part: string) => parts.length === 0 || parts.includes(part);
const lengths = (options.get('epochs') ?? '30,150,1000').split(',').map(Number);
const seeds = Array.from({ length: Number(options.get('seeds') ?? 3) }, (_, seed) => seed);
const OFTEN = 100;
const RARE = 10;
const FRESH = 100;
const REMEDIES: readonly [string, Partial<TransferRequest>][] = [
  ['none', {}],
  ['class weights', { classWeights: 'balanced' }],
  ['balanced sampling', { sampling: 'balanced' }],
];

const headstart = await compose(silentProgress);
const folder = await mkdtemp(join(tmpdir(), 'headstart-imbalance-'));
let made = 0;
const place = (ending = '') => join(folder, `${++made}${ending}`);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Data {
  readonly target: string;
  readonly fresh: string;
  readonly rare: string;
}

async function measure(name: string, dataOf: (seed: number) => Promise<Data>): Promise<void> {
  console.log(
    `${name}: ${OFTEN} beside ${RARE}; recall of the rare class and of the other on ${FRESH} fresh samples of each`,
  );
  const data: Data[] = [];
  for (const seed of seeds) data.push(await dataOf(seed));
  for (const epochs of lengths)
    for (const [remedy, request] of REMEDIES) {
      const rare: number[] = [];
      const often: number[] = [];
      for (const seed of seeds) {
        const { target, fresh, rare: label } = data[seed]!;
        const { model } = await headstart.train({ target, epochs, seed, out: place(), ...request });
        const trained = await headstart.load(model);
        const { details } = (await trained.evaluate(fresh, { split: 'all' })).metrics;
        trained.dispose();
        for (const row of details!['perClass'] as readonly { label: string; recall: number }[])
          (row.label === label ? rare : often).push(row.recall);
      }
      console.log(
        `${String(epochs).padStart(5)} epochs   ${remedy.padEnd(18)} rare ${mean(rare).toFixed(3)} (${rare.map((value) => value.toFixed(2)).join(' ')})   other ${mean(often).toFixed(3)}`,
      );
    }
}

async function texts(seed: number): Promise<Data> {
  const rows = { site: options.get('site') ?? 'amazon', seed };
  return {
    target: await reviewTable(headstart, place('.csv'), { ...rows, from: 0, counts: [OFTEN, RARE] }),
    fresh: await reviewTable(headstart, place('.csv'), { ...rows, from: OFTEN, counts: [FRESH, FRESH] }),
    rare: 'positive',
  };
}

async function pictures(seed: number): Promise<Data> {
  return {
    target: await drawShapes(place(), { disc: OFTEN, wedge: RARE }, seed),
    fresh: await drawShapes(place(), { disc: FRESH, wedge: FRESH }, 1000 + seed),
    rare: 'wedge',
  };
}

try {
  if (wants('texts')) await measure('texts', texts);
  if (wants('pictures')) await measure('pictures', pictures);
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
