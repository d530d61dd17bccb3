import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart, RandomStream, silentProgress, type Reader, type TargetData } from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import { checkPlugin, pointPlugin, type PartChecks } from '@headstart/core/testing';
import detection, { cocoJson } from '@headstart/detection';
import nlp, { textCnnScheme } from '@headstart/nlp';
import vision, { imageFolder, smallCnnScheme } from '@headstart/vision';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { smallDetector, writeBoxes } from './fixtures/small-detector.ts';
import { tonePlugin, tones, toneSource } from './fixtures/tone-plugin.ts';

/* What we hold third parties to, we hold our own plugins to: on small networks and data that are made here. */

// A detector's steps are recorded and run several times over.
vi.setConfig({ testTimeout: 240_000 });

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  root = await mkdtemp(join(tmpdir(), 'headstart-domains-'));
});
afterAll(async () => {
  await backend.close();
  await rm(root, { recursive: true });
});

/** Where a package of ours says what it brings. */
const packageJson = (name: string) => new URL(`../packages/${name}/package.json`, import.meta.url);

const read = (reader: Reader<never>, path: string): Promise<TargetData> =>
  reader.read(path, { skipBad: false, progress: silentProgress, options: {} });

async function put(path: string, content: string | Buffer): Promise<string> {
  const whole = join(root, path);
  await mkdir(join(whole, '..'), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

/** Noisy pictures of 8 x 8, reddish or bluish. */
async function writePictures(): Promise<string> {
  const random = new RandomStream('pictures');
  for (const [name, hue] of [
    ['blue', 2],
    ['red', 0],
  ] as const)
    for (let i = 0; i < 6; i++) {
      const pixels = Buffer.from(Array.from({ length: 192 }, (_, at) => random.int(100) + (at % 3 === hue ? 150 : 0)));
      const picture = sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } });
      await put(`pictures/${name}/${i}.png`, await picture.png().toBuffer());
    }
  return join(root, 'pictures');
}

/** Blue, red, and for every third picture both of them. */
function inLists({ samples, ...target }: TargetData): TargetData {
  const listed = samples.map(({ sample: { label, ...sample } }, i) => ({
    sample: { ...sample, labels: i % 3 === 0 ? [0, 1] : [label!] },
  }));
  return { ...target, samples: listed };
}

const WORDS = ['good', 'bad', 'film', 'plot', 'fine', 'poor', 'nice', 'dull'];

/** Texts of two classes as a table. */
function writeTexts(): Promise<string> {
  const random = new RandomStream('texts');
  const rows = Array.from({ length: 12 }, (_, i) => {
    const word = () => WORDS[random.int(WORDS.length)];
    return `${i % 2 ? 'good nice' : 'bad poor'} ${word()} ${word()} ${i},${i % 2 ? 'positive' : 'negative'}`;
  });
  return put('texts.csv', `text,label\n${rows.join('\n')}\n`);
}

/** Word vectors of ten numbers in GloVe's layout. */
function writeVectors(): Promise<string> {
  const random = new RandomStream('vectors');
  const vector = () => Array.from({ length: 10 }, () => random.normal().toFixed(4)).join(' ');
  return put('vectors.txt', WORDS.map((word) => `${word} ${vector()}\n`).join(''));
}

describe('the plugins of this repository pass the conformance kit', () => {
  it('vision', async () => {
    const path = await writePictures();
    const trained = {
      source: smallCnnScheme.resolve('8x8x3'),
      weights: 'none',
      target: await read(imageFolder as Reader<never>, path),
      inputs: [join(path, 'red', '0.png')],
      bad: [join(path, 'none.png'), await writeTexts()],
    } as const;
    const parts: PartChecks = {
      readers: { 'image-folder': { path, others: [await writeTexts()] } },
      tasks: {
        'image-classification': trained,
        'multi-label-image-classification': { ...trained, target: inLists(trained.target) },
      },
    };
    await checkPlugin(vision, { packageJson: packageJson('vision'), parts, backend });
  });

  it('nlp', async () => {
    const texts = await writeTexts();
    const headstart = await createHeadstart({ backend, plugins: [nlp()] });
    const table = headstart.readers().find(({ value }) => value.id === 'text-table')!.value;
    const trained = {
      source: textCnnScheme.resolve(await writeVectors()),
      target: await read(table as Reader<never>, texts),
      inputs: ['a good film'],
      bad: [Uint8Array.of(0xff, 0xfe)],
    };
    const parts: PartChecks = {
      readers: { 'text-table': { path: texts, others: [await writePictures()] } },
      tasks: { 'text-classification': trained },
    };
    await checkPlugin(nlp, { packageJson: packageJson('nlp'), parts, backend });
  });

  it('detection', async () => {
    const path = await writeBoxes(join(root, 'boxes'), { train: ['red', 'blue'], test: ['red', 'blue'] }, 3);
    const parts: PartChecks = {
      readers: { 'coco-json': { path, others: [await writePictures()] } },
      tasks: {
        'object-detection': {
          source: smallDetector,
          target: await read(cocoJson as Reader<never>, path),
          inputs: [join(path, 'images', 'train', '1.png')],
          bad: [join(path, 'none.png')],
        },
      },
    };
    await checkPlugin(detection, { packageJson: packageJson('detection'), parts, backend });
  });

  it('a domain of its own, and the points', async () => {
    const tone = { source: toneSource, target: tones(), bad: ['x'] };
    await checkPlugin(tonePlugin(), { parts: { tasks: { 'tone-classification': tone } }, backend });
    await checkPlugin(pointPlugin, { backend });
  });
});
