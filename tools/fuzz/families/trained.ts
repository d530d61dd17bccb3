import { fileURLToPath } from 'node:url';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Headstart, TransferRequest } from '@headstart/core';
import type { System } from '../system.ts';

const ENCODER = fileURLToPath(new URL('../../../packages/nlp/src/encoders/fixtures/bert', import.meta.url));

/** A data set of texts, and one of pictures. */
export async function dataOf(system: System, kind: 'texts' | 'pictures'): Promise<string> {
  const folder = await system.seedFolder(`data-${kind}`, kind === 'texts' ? writeTexts : writePictures);
  return kind === 'texts' ? join(folder, 'texts.csv') : folder;
}

async function writeTexts(folder: string): Promise<void> {
  const rows = Array.from({ length: 24 }, (_, i) => `a ${i % 2 ? 'good' : 'bad'} film ${i},${i % 2 ? 'pos' : 'neg'}\n`);
  await writeFile(join(folder, 'texts.csv'), `text,label\n${rows.join('')}`);
}

async function writePictures(folder: string): Promise<void> {
  for (const [label, colour] of [
    ['dark', '#222'],
    ['light', '#ddd'],
  ] as const) {
    await mkdir(join(folder, label));
    for (let i = 0; i < 6; i++) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="${i + 1}" height="8" fill="${colour}"/></svg>`;
      await writeFile(join(folder, label, `${i}.svg`), svg);
    }
  }
}

/** A training of a few steps on them. */
export async function requestFor(system: System, kind: 'texts' | 'pictures'): Promise<TransferRequest> {
  const target = await dataOf(system, kind);
  const common = { target, epochs: 2, batchSize: 8 } satisfies TransferRequest;
  return kind === 'texts'
    ? { ...common, source: `encoder:${ENCODER}`, strategy: 'linear-probe' }
    : { ...common, source: 'small-cnn:8x8x3', strategy: 'from-scratch' };
}

/** The inputs that models are asked about. */
export const ASKED = {
  texts: ['a good film', 'a bad one'],
  pictures: [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')],
};

/** Runs until the end of an epoch, and stops there. */
export async function oneEpoch(run: (options: Parameters<Headstart['resume']>[1]) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  await run({ signal: controller.signal, events: { epochEnd: () => controller.abort() } });
}
