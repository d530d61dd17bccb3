// Draws a transfer beside its baseline from the folders of the two models:
//   npm run draw-run -- <transfer> <from-scratch> <picture.svg>
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { drawRuns, readRun } from './pictures/run-picture.ts';

const [transfer, scratch, picture] = process.argv.slice(2);
if (transfer === undefined || scratch === undefined || picture === undefined) {
  console.error('Usage: npm run draw-run -- <transfer> <from-scratch> <picture.svg>');
  process.exit(2);
}
const card = JSON.parse(await readFile(join(transfer, 'model.json'), 'utf8')) as {
  labels: string[];
  target: { id: string };
  training: { samples: { train: number; test: number } };
};
const { train, test } = card.training.samples;
const count = (n: number) => n.toLocaleString('en');
const svg = await drawRuns(`${card.target.id}: ${card.labels.length} classes, ${count(train)} images to learn from, ${count(test)} to test`, [
  await readRun(transfer, 'transfer', '#0b7285'),
  await readRun(scratch, 'from scratch', '#e8590c'),
]);
await mkdir(dirname(picture), { recursive: true });
await writeFile(picture, svg);
console.log(picture);
