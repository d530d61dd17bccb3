/**
 * Adaptation of detectors to unlabelled pictures: NanoDet learns Google's drawings in `emoji-scenes` with boxes, and adapts to
 * Twitter's without, in scenes of other layouts than those that it learns from and is tested on. AP on Twitter's test scenes per
 * strategy, beside no adaptation and beside training on Twitter's own boxes; mean of the seeds and each of them. A row is a strategy,
 * with what else the run is asked behind a space.
 *
 *   npm run measure -- adaptation-scenes ["self-training:rounds=3" "dann --augmentation standard" …] [--seeds 0,1,2] [--models <folder>]
 */
import { compose } from '../workspace/compose.ts';

import { definePlugin, silentProgress, type RegisteredDataset, type TransferRequest } from '@headstart/core';
import { cocoJson, writeEmojiScenes } from '@headstart/detection';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { strategyRow } from './strategy-row.ts';

const [LABELLED, UNLABELLED] = ['google', 'twitter'] as const;
/** The layouts of the scenes to adapt to; those of the registered sets are of seed 0. */
const OTHER_LAYOUTS = 1;
const SOURCE_ONLY = 'fine-tune';
const OWN_BOXES = 'own boxes';

interface Measured {
  /** On test scenes of the labelled domain and of the unlabelled one. */
  readonly labelled: Readonly<Record<string, number>>;
  readonly unlabelled: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '0,1,2' }, models: { type: 'string' } },
});
const seeds = values.seeds.split(',').map(Number);
const rows = positionals.length > 0 ? positionals : [SOURCE_ONLY, 'adabn', 'coral', 'dann', 'self-training', OWN_BOXES];
const folder = values.models ?? (await mkdtemp(join(tmpdir(), 'headstart-adaptation-')));
await mkdir(folder, { recursive: true });

const unlabelledScenes: RegisteredDataset = {
  id: `emoji-scenes-${UNLABELLED}-unlabelled`,
  modality: 'image',
  description: 'scenes of other layouts, to adapt to',
  licence: 'as emoji-scenes',
  task: 'object-detection',
  async load({ artifacts }, options) {
    const scenes = join(folder, 'unlabelled');
    // A split cannot be empty; the tested scenes' photographs are not among those to train on.
    const counts = { train: 200, validation: 1, test: 1 };
    await writeEmojiScenes(scenes, {
      vendor: UNLABELLED,
      seed: OTHER_LAYOUTS,
      counts,
      artifacts,
      progress: silentProgress,
    }).catch((error: { code?: string }) => {
      if (error.code !== 'invalid-option') throw error;
    });
    const data = await cocoJson.read(scenes, options);
    return { ...data, id: this.id, samples: data.samples.filter(({ split }) => split === 'train') };
  },
};

const headstart = await compose(silentProgress, [
  definePlugin({
    name: 'unlabelled-scenes',
    version: '0.0.0',
    headstart: '*',
    setup: ({ datasets }) => datasets.add(unlabelledScenes),
  })(),
]);

async function measured(row: string, seed: number): Promise<Measured> {
  const out = join(folder, `${row.replace(/[^a-z0-9.]+/gi, '-')}-${seed}`);
  const record = `${out}.json`;
  const before = await readFile(record, 'utf8').catch(() => undefined);
  if (before !== undefined) return JSON.parse(before) as Measured;
  await rm(out, { recursive: true, force: true });
  const { seconds } = await headstart.train(
    { ...requestOf(row), seed, out },
    { events: { warning: (text) => console.error(text) } },
  );
  const model = await headstart.load(out);
  const on = async (vendor: string) =>
    (await model.evaluate(`emoji-scenes-${vendor}`, { split: 'test' })).metrics.values;
  const found = { labelled: await on(LABELLED), unlabelled: await on(UNLABELLED), seconds: seconds.training };
  model.dispose();
  await writeFile(record, JSON.stringify(found));
  return found;
}

function requestOf(row: string): TransferRequest {
  if (row === OWN_BOXES) return { target: `emoji-scenes-${UNLABELLED}`, strategy: SOURCE_ONLY };
  const asked = strategyRow(row);
  const adapt = asked.strategy === SOURCE_ONLY ? {} : { adapt: unlabelledScenes.id };
  return { target: `emoji-scenes-${LABELLED}`, ...adapt, ...asked };
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const each = (numbers: readonly number[]) =>
  `${mean(numbers).toFixed(3)} (${numbers.map((value) => value.toFixed(3)).join(', ')})`;

try {
  for (const row of rows) {
    const found: Measured[] = [];
    for (const seed of seeds) found.push(await measured(row, seed));
    const number = (of: 'labelled' | 'unlabelled', name: string) => each(found.map((one) => one[of][name]!));
    console.log(`${row.padEnd(32)} AP ${number('unlabelled', 'AP')} AP50 ${number('unlabelled', 'AP50')}`);
    console.log(
      `${''.padEnd(32)} labelled domain's AP ${number('labelled', 'AP')}  ${mean(found.map((one) => one.seconds)).toFixed(0)} s of training`,
    );
  }
} finally {
  await headstart.close();
  if (values.models === undefined) await rm(folder, { recursive: true });
}
