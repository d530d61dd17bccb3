import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import {
  createArtifacts,
  createHeadstart,
  definePlugin,
  HEAD,
  lossTerm,
  type TransferPlan,
  type TransferRequest,
} from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import { mean, mul, type Scalar } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallDetector, writeBoxes } from './fixtures/small-detector.ts';

/** A strategy for detectors that is given unlabelled pictures, and learns nothing from them. */
const unmoved = lossTerm({
  name: 'unmoved',
  needs: { outputs: true, unlabelled: true },
  value: ({ unlabelled }) => mul(mean<Scalar>(Object.values(unlabelled.outputs)[0]!), 1e-3),
});
const plugin = definePlugin({
  name: 'small',
  version: '1.0.0',
  headstart: '*',
  setup({ sources, strategies }) {
    sources.add(smallDetector);
    strategies.add({
      id: 'unmoved',
      description: 'The head, beside unlabelled pictures',
      start: 'source',
      defaults: { epochs: 1, batchSize: 8 },
      plan: (_stages, { epochs, learningRate = 1e-3 }) => [
        {
          name: 'unmoved',
          epochs,
          trainable: { [HEAD]: 1 },
          optimiser: { kind: 'adamw', learningRate, weightDecay: 0, clipNorm: 1 },
          schedule: { warmup: 0, decay: 'constant' },
          losses: [unmoved],
          batchStatistics: false,
        },
      ],
    });
  },
});

let backend: Backend;
let root: string;
let count = 0;
const compose = () =>
  createHeadstart({
    backend,
    plugins: [plugin(), vision(), detection(), nlp()],
    // What is computed is computed anew by every run; what was downloaded is not downloaded again.
    cacheRoot: join(root, `cache-${count++}`),
    artifacts: createArtifacts(),
  });

/** A run's weights, and what its model says of itself: all but the digest of its history, which has how long epochs took. */
async function trained(request: Omit<TransferRequest, 'out'>) {
  const out = join(root, `run-${count++}`);
  const { unlabelled } = await (await compose()).train({ ...request, out });
  const text = await readFile(join(out, 'model.json'), 'utf8');
  const { files: _files, crc32: _crc32, ...card } = JSON.parse(text) as Record<string, unknown>;
  return { unlabelled, card, weights: await readFile(join(out, 'weights.safetensors')) };
}

const COLOURS = ['red', 'green', 'blue'] as const;

/** Pictures of classes, each in the folder that is given for it. */
async function drawPictures(folder: string, light: number, placeOf: (colour: string, i: number) => string) {
  for (const colour of COLOURS) {
    for (let i = 0; i < 6; i++) {
      const path = join(folder, placeOf(colour, i));
      await mkdir(join(path, '..'), { recursive: true });
      const background = { r: light, g: light, b: light, [colour.charAt(0)]: 150 + 10 * i };
      await sharp({ create: { width: 32, height: 32, channels: 3, background } })
        .png()
        .toFile(path);
    }
  }
}

let studio: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-unlabelled-'));
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
  studio = join(root, 'studio');
  await drawPictures(studio, 40, (colour, i) => join(colour, `${i}.png`));
});
afterAll(async () => {
  await backend.close();
  await rm(root, { recursive: true });
});

const classifier = { source: 'efficientnet-lite0', strategy: 'adabn', epochs: 1, batchSize: 8 };
const planned = async (adapt: string): Promise<TransferPlan> =>
  (await compose()).plan({ target: studio, adapt, ...classifier });
const adaptChoice = ({ choices }: TransferPlan) => choices.find(({ what }) => what === 'adapt');

describe('pictures to adapt to', () => {
  it('are all there are, in no folder, in folders of any kind and in both', async () => {
    const layouts: Record<string, (colour: string, i: number) => string> = {
      flat: (colour, i) => `${colour}${i}.png`,
      nested: (colour, i) => join(i % 2 ? '2024/may' : '2025', `${colour}${i}.png`),
      mixed: (colour, i) => (i % 2 ? join('red', `${colour}${i}.png`) : `${colour}${i}.png`),
      splits: (colour, i) => join(i % 2 ? 'train' : 'test', colour, `${i}.png`),
    };
    const remarks: Record<string, readonly string[]> = {};
    for (const [name, placeOf] of Object.entries(layouts)) {
      await drawPictures(join(root, name), 90, placeOf);
      const plan = await planned(join(root, name));
      expect(plan.samples, name).toMatchObject({ unlabelled: 18 });
      expect(plan.unlabelled, name).toMatchObject({ reader: 'pictures', samples: 18, skipped: [], warnings: [] });
      expect(adaptChoice(plan)?.value).toBe(`18 samples of ${name}`);
      remarks[name] = plan.unlabelled!.remarks;
    }
    expect(remarks).toEqual({
      flat: [],
      nested: ['The names of folders are not read as labels: 9 pictures in 2024, 9 pictures in 2025.'],
      mixed: ['The names of folders are not read as labels: 9 pictures in none, 9 pictures in red.'],
      splits: ['The names of folders are not read as labels: 9 pictures in test, 9 pictures in train.'],
    });
  });

  it('of class folders have their labels ignored, and it is said, with classes that are not learned', async () => {
    const folder = join(root, 'open');
    await drawPictures(folder, 120, (colour, i) =>
      join(colour === 'red' ? 'Green' : `${colour}ish`, `${colour}${i}.png`),
    );
    const plan = await planned(folder);
    expect(plan.unlabelled!.ignoredLabels).toEqual(['Green', 'blueish', 'greenish']);
    expect(adaptChoice(plan)?.why).toBe(
      'every picture in open; their labels are ignored; open set: there is no labelled sample of their blueish, greenish',
    );
  });

  it('are left out where they cannot be read, with what lies beside them, and it is said', async () => {
    const folder = join(root, 'damaged');
    await drawPictures(folder, 120, (colour, i) => `${colour}${i}.png`);
    await writeFile(join(folder, 'cut.png'), (await readFile(join(folder, 'red1.png'))).subarray(0, 60));
    await writeFile(join(folder, 'page.jpg'), '<html>');
    for (const name of ['notes.txt', 'labels.csv', 'tour.mp4', '.hidden.png', 'a file'])
      await writeFile(join(folder, name), 'x');
    await cp(join(folder, 'red2.png'), join(folder, 'without an ending'));
    const { unlabelled, samples } = await planned(folder);
    expect(samples).toMatchObject({ unlabelled: 19 });
    expect(unlabelled!.skipped.map(({ id }) => id)).toEqual(['cut.png', 'page.jpg']);
    expect(unlabelled!.warnings).toMatchObject([{ code: 'unreadable-samples', samples: ['cut.png', 'page.jpg'] }]);
    expect(unlabelled!.warnings[0]!.message).toMatch(
      /^2 of 21 cannot be read and are left out: cut\.png \(.+\), page\.jpg \(.+\)\.$/,
    );
    expect(Object.fromEntries(unlabelled!.passedOver.map(({ what, examples }) => [what, examples]))).toEqual({
      'hidden files, notices and what file managers and tools leave': ['.hidden.png'],
      'notes, tables and annotation files, which are not read,': ['labels.csv', 'notes.txt'],
      'files of other kinds': ['tour.mp4', 'a file'],
    });
  });

  it('are no masks of others', async () => {
    const folder = join(root, 'masked');
    await drawPictures(folder, 120, (colour, i) => `${colour}${i}.png`);
    await drawPictures(folder, 0, (colour, i) => `${colour}${i}_mask.png`);
    const { unlabelled } = await planned(folder);
    expect(unlabelled).toMatchObject({
      samples: 18,
      passedOver: [{ what: 'masks of pictures, by their names', count: 18 }],
    });
  });

  it('are refused where there is none that can be read, or a single one', async () => {
    const none = join(root, 'none');
    await mkdir(none);
    for (const name of ['a.png', 'b.png']) await writeFile(join(none, name), 'no picture');
    await expect(planned(none)).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringContaining('None of 2 pictures can be read, such as a.png') as string,
    });
    const one = join(studio, 'red', '0.png');
    await expect(planned(one)).rejects.toMatchObject({ code: 'target-too-small' });
    const empty = join(root, 'empty');
    await mkdir(empty);
    await expect(planned(empty)).rejects.toMatchObject({ code: 'target-empty' });
  });
});

describe('texts to adapt to', () => {
  it('are all there are in a folder, in no class folder and in some', async () => {
    const labelled = join(root, 'labelled-texts.csv');
    const text = (i: number) => `sentence ${i} is ${i % 2 ? 'good' : 'bad'}`;
    const rows = Array.from({ length: 24 }, (_, i) => `${text(i)},${i % 2 ? 'good' : 'bad'}`);
    await writeFile(labelled, ['text,label', ...rows].join('\n'));
    for (const [name, placeOf] of [
      ['flat-texts', (i: number) => `${i}.txt`],
      ['nested-texts', (i: number) => join(i % 2 ? 'may' : 'june', `${i}.txt`)],
      ['mixed-texts', (i: number) => (i % 2 ? join('good', `${i}.txt`) : `${i}.txt`)],
    ] as const) {
      for (let i = 0; i < 12; i++) {
        const path = join(root, name, placeOf(i));
        await mkdir(join(path, '..'), { recursive: true });
        await writeFile(path, `another ${text(i)}`);
      }
      const asked = { target: labelled, adapt: join(root, name), source: 'minilm-l6', strategy: 'adabn' };
      const plan = await (await compose()).plan(asked);
      expect(plan.samples, name).toMatchObject({ unlabelled: 12 });
      expect(plan.unlabelled, name).toMatchObject({ reader: 'text-folder', samples: 12, skipped: [] });
      expect(adaptChoice(plan)?.value).toBe(`12 samples of ${name}`);
    }
  });
});

describe('pictures for a detector to adapt to', () => {
  it('are those of a plain folder; annotations that are there are not read, whatever is in them', async () => {
    const labelled = await writeBoxes(join(root, 'boxes'), { train: ['red'], test: ['red'] }, 12);
    const other = await writeBoxes(join(root, 'other'), { val: ['blue'] }, 10);
    const request = {
      target: labelled,
      adapt: other,
      source: 'small-detector',
      strategy: 'unmoved',
      epochs: 2,
      batchSize: 8,
      seed: 2,
    };
    const annotations = join(other, 'annotations');
    const annotated = await trained(request);
    expect(annotated.unlabelled).toMatchObject({
      reader: 'pictures',
      samples: 10,
      ignoredLabels: [],
      passedOver: [{ what: 'folders of annotations', count: 1 }],
    });
    const [file] = await readdir(annotations);
    await writeFile(join(annotations, file!), '{ damaged');
    const damaged = await trained(request);
    await rm(annotations, { recursive: true });
    const alone = await trained(request);
    expect(alone.unlabelled).toMatchObject({ samples: 10, passedOver: [] });
    for (const { weights, card } of [damaged, alone]) {
      expect(weights.equals(annotated.weights)).toBe(true);
      expect(card).toEqual(annotated.card);
    }
  });
});

describe('labels of what is adapted to', { timeout: 300_000 }, () => {
  it('are sealed where pictures lie in class folders: in wrong ones, and in none, the model has the same bytes', async () => {
    const folder = join(root, 'sealed');
    const request = { ...classifier, target: studio, adapt: folder, strategy: 'cdan:with=mcc', epochs: 2, seed: 5 };
    await drawPictures(folder, 90, (colour, i) => join(colour, `${i}.png`));
    const right = await trained(request);
    expect(right.unlabelled!.ignoredLabels).toEqual(['blue', 'green', 'red']);
    await rm(folder, { recursive: true });
    await drawPictures(folder, 90, (colour, i) =>
      join(COLOURS[(COLOURS.indexOf(colour as 'red') + i) % 3]!, `${colour}-${i}.png`),
    );
    const wrong = await trained(request);
    await rm(folder, { recursive: true });
    await drawPictures(folder, 90, (colour, i) => `${7 * i}-${colour}.png`);
    const none = await trained(request);
    expect(none.unlabelled!.ignoredLabels).toEqual([]);
    for (const { weights, card } of [wrong, none]) {
      expect(weights.equals(right.weights)).toBe(true);
      expect(card).toEqual(right.card);
    }
  });

  it('are sealed in a table: permuted, damaged and taken out, the model has the same bytes', async () => {
    const subjects = ['film', 'plot', 'cast', 'music', 'end', 'book', 'phone', 'meal', 'hotel', 'trip'];
    const texts = (words: readonly string[]) =>
      subjects.flatMap((noun) => words.map((word) => `the ${noun} is really ${word}`));
    const good = texts(['good', 'great']).map((text) => `${text},good`);
    const bad = texts(['bad', 'awful']).map((text) => `${text},bad`);
    const labelled = join(root, 'labelled.csv');
    await writeFile(labelled, ['review,sentiment', ...good, ...bad].join('\n'));
    const adapt = join(root, 'adapt.csv');
    const others = texts(['lovely', 'boring', 'poor']);
    const request = {
      target: labelled,
      adapt,
      readerOptions: { 'label-column': 'sentiment' },
      source: 'word-vectors',
      strategy: 'mdd',
      epochs: 2,
      batchSize: 8,
      seed: 5,
    };
    const run = async (header: string, row: (text: string, i: number) => string) => {
      await writeFile(adapt, [header, ...others.map(row)].join('\n'));
      return trained(request);
    };
    const right = await run('review,sentiment', (text, i) => `${text},${i % 3 === 0 ? 'good' : 'bad'}`);
    const variants = {
      permuted: await run('review,sentiment', (text, i) => `${text},${i % 2 === 0 ? 'good' : 'bad'}`),
      damaged: await run('review,sentiment', (text, i) => `${text},${['', '[1,', 'NaN', 'a;b', '???'][i % 5]!}`),
      long: await run('review,label', (text, i) => `${text},${`a long story of a label ${i} `.repeat(20)}`),
      removed: await run('review', (text) => text),
    };
    expect(right.unlabelled!.table!.columns).toEqual([
      { name: 'review', role: 'text' },
      { name: 'sentiment', role: 'not read: a label or score' },
    ]);
    expect(variants.removed.unlabelled!.table!.columns).toEqual([{ name: 'review', role: 'text' }]);
    for (const [name, { weights, card }] of Object.entries(variants)) {
      expect(weights.equals(right.weights), name).toBe(true);
      expect(card, name).toEqual(right.card);
    }
  });
});
