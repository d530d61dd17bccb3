// Draws a transfer beside its baseline from the folders of the two models, and beside them what another
// transfer and its baseline came to:
//   npm run draw-run -- <transfer> <from-scratch> [<transfer> <from-scratch>] <picture.svg>
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { drawRuns, readResult, readRun } from './pictures/run-picture.ts';

const folders = process.argv.slice(2);
const picture = folders.pop();
const [transfer, scratch, otherTransfer, otherScratch] = folders;
if (picture === undefined || transfer === undefined || scratch === undefined || ![2, 4].includes(folders.length)) {
  console.error('Usage: npm run draw-run -- <transfer> <from-scratch> [<transfer> <from-scratch>] <picture.svg>');
  process.exit(2);
}
const TRANSFER = ['transfer', '#0b7285'] as const;
const SCRATCH = ['from scratch', '#e8590c'] as const;

const { target, labels, train, test } = await readCard(transfer);
const beside =
  otherTransfer !== undefined && otherScratch !== undefined ? [await comparison(otherTransfer, otherScratch)] : [];
const svg = await drawRuns(
  `${target}: ${labels} classes, ${train} images to learn from, ${test} to test`,
  [await readRun(transfer, ...TRANSFER), await readRun(scratch, ...SCRATCH)],
  beside,
);
await mkdir(dirname(picture), { recursive: true });
await writeFile(picture, svg);
console.log(picture);

async function comparison(transferFolder: string, scratchFolder: string) {
  const card = await readCard(transferFolder);
  return {
    title: `${card.target}: test accuracy`,
    note: `${card.train} to learn from, ${card.test} to test`,
    results: [await readResult(transferFolder, ...TRANSFER), await readResult(scratchFolder, ...SCRATCH)],
  };
}

/** What a model learned from how much, as the picture says it. */
async function readCard(folder: string) {
  const card = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as {
    labels: string[];
    target: { id: string };
    training: { samples: { train: number; test: number } };
  };
  const { train, test } = card.training.samples;
  const count = (n: number) => n.toLocaleString('en');
  return { target: card.target.id, labels: card.labels.length, train: count(train), test: count(test) };
}
