/**
 * What training costs as data, classes and epochs grow: seconds and peak memory of `headstart train`, each in a process of its
 * own, and the slope from size to size (1 where twice as much takes twice as long, 0 where it costs nothing). Pictures and
 * texts are generated; a probe learns from them, once with an empty feature store and once more from what that has stored.
 *
 *   npm run build && npm run measure -- growth [pictures|texts|classes|epochs] [sizes=1000,10000,100000]
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { RandomStream } from '@headstart/core';
import { runProcess } from '../peers/contestant-process.ts';
import { compiledCommand } from '../workspace/compiled-command.ts';

const words = process.argv.slice(2);
const parts = words.filter((word) => !word.includes('='));
const wants = (part: string) => parts.length === 0 || parts.includes(part);
const asked = words
  .find((word) => word.startsWith('sizes='))
  ?.slice('sizes='.length)
  .split(',')
  .map(Number);

const random = new RandomStream('growth');
const folder = await mkdtemp(join(tmpdir(), 'headstart-growth-'));
let made = 0;

/** What a training took. */
interface Cost {
  readonly seconds: number;
  readonly features: number;
  readonly training: number;
  readonly evaluation: number;
  readonly peakMegabytes: number;
}

async function train(target: string, features: string, ...options: readonly string[]): Promise<Cost> {
  const out = join(folder, `model-${++made}`);
  const { milliseconds, peakBytes, output } = await runProcess(
    process.execPath,
    [compiledCommand(), 'train', target, '--strategy', 'linear-probe', '--out', out, '--json', ...options],
    { ...process.env, HEADSTART_FEATURES: features },
  );
  const { seconds } = JSON.parse(output) as { seconds: Pick<Cost, 'features' | 'training' | 'evaluation'> };
  await rm(out, { recursive: true });
  return { ...seconds, seconds: milliseconds / 1000, peakMegabytes: (peakBytes ?? NaN) / 1e6 };
}

/** A table of costs by size, each with the slope of its seconds from the size before. */
function print(title: string, what: string, rows: readonly (readonly [size: number, ...costs: Cost[]])[]): void {
  console.log(`\n${title}\n`);
  const again = rows[0]!.length > 2;
  const head = [what, 'seconds', 'slope', 'features', 'training', 'evaluation', 'peak, MB'];
  console.log(
    `| ${[...head, ...(again ? ['from the store, seconds', 'features read, of computed'] : [])].join(' | ')} |`,
  );
  console.log(`|${' --- |'.repeat(head.length + (again ? 2 : 0))}`);
  rows.forEach(([size, cost, stored], i) => {
    const before = rows[i - 1];
    const slope = before ? Math.log(cost!.seconds / before[1]!.seconds) / Math.log(size / before[0]) : undefined;
    const { seconds, features, training, evaluation, peakMegabytes } = cost!;
    const cells = [
      size.toLocaleString('en-GB'),
      seconds.toFixed(1),
      slope?.toFixed(2) ?? '',
      ...[features, training, evaluation].map((value) => value.toFixed(1)),
      peakMegabytes.toFixed(0),
      ...(stored ? [stored.seconds.toFixed(1), `${((100 * stored.features) / features).toFixed(1)} %`] : []),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  });
}

const NOUNS =
  'phone case battery screen sound cable headset charger button volume keyboard camera speaker price colour box'.split(
    ' ',
  );
const VERBS = 'works broke arrived lasted failed fits feels looks sounds charges'.split(' ');
const ENDS = 'well badly after a week as described too soon for me every day at once again in the end'.split(' ');

/** A sentence, another one for each number, which says its class among so many by words of its own. */
function sentence(i: number, classes: number): string {
  const draw = random.child(i);
  const pick = (list: readonly string[]) => list[draw.int(list.length)]!;
  const length = 4 + draw.int(16);
  const body = Array.from({ length }, () => pick(draw.int(2) === 0 ? NOUNS : draw.int(2) === 0 ? VERBS : ENDS)).join(
    ' ',
  );
  return `${body} number ${i} of kind ${i % classes}`;
}

/** @param classes of the labels; sentences are those of `kinds` classes in any case, so that features are the same */
async function writeTable(path: string, count: number, classes: number, kinds = classes): Promise<string> {
  const file = createWriteStream(path);
  file.write('text,label\n');
  for (let i = 0; i < count; i++)
    if (!file.write(`"${sentence(i, kinds)}",class ${i % classes}\n`)) await once(file, 'drain');
  file.end();
  await once(file, 'finish');
  return path;
}

/** JPEG pictures of coloured noise, four classes by their tone. */
async function writePictures(path: string, count: number): Promise<string> {
  const tones = ['red', 'green', 'blue', 'grey'];
  for (const tone of tones) await mkdir(join(path, tone), { recursive: true });
  const write = async (i: number) => {
    const draw = random.child(i);
    const cell = 12;
    const pixels = Buffer.from(
      Array.from({ length: 3 * cell * cell }, (_, at) => draw.int(at % 3 === i % 4 ? 256 : 160)),
    );
    await sharp(pixels, { raw: { width: cell, height: cell, channels: 3 } })
      .resize(240, 240)
      .jpeg({ quality: 80 })
      .toFile(join(path, tones[i % 4]!, `${i}.jpg`));
  };
  for (let i = 0; i < count; i += 8)
    await Promise.all(Array.from({ length: Math.min(8, count - i) }, (_, j) => write(i + j)));
  return path;
}

/** Each size with an empty feature store, and again from what that has stored. */
async function againstData(
  what: string,
  target: (size: number) => Promise<string>,
  sizes: readonly number[],
): Promise<void> {
  const rows: [number, Cost, Cost][] = [];
  for (const size of sizes) {
    const [data, features] = [await target(size), join(folder, `features-${what}-${size}`)];
    const [computed, stored] = [await train(data, features), await train(data, features)];
    rows.push([size, computed, stored]);
    await rm(features, { recursive: true });
    await rm(data, { recursive: true });
  }
  print(`A probe of ${what}, against how many there are`, what, rows);
}

async function againstClasses(classes: readonly number[]): Promise<void> {
  const count = 20_000;
  const features = join(folder, 'features-classes');
  const rows: [number, Cost][] = [];
  for (const each of classes) {
    const table = await writeTable(join(folder, `classes-${each}.csv`), count, each, Math.max(...classes));
    // The first run computes what all others find in the store.
    if (rows.length === 0) await train(table, features, '--epochs', '1');
    rows.push([each, await train(table, features, '--epochs', '30')]);
  }
  print(
    `A probe of ${count.toLocaleString('en-GB')} texts in 30 epochs on stored features, against classes`,
    'classes',
    rows,
  );
}

async function againstEpochs(epochs: readonly number[]): Promise<void> {
  const features = join(folder, 'features-epochs');
  const table = await writeTable(join(folder, 'epochs.csv'), 2000, 4);
  await train(table, features, '--epochs', '1');
  const rows: [number, Cost][] = [];
  for (const each of epochs) rows.push([each, await train(table, features, '--epochs', String(each))]);
  print('A probe of 2,000 texts on stored features, against epochs', 'epochs', rows);
}

try {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}, at ${commit}`,
  );
  if (wants('epochs')) await againstEpochs(asked ?? [10, 100, 1000]);
  if (wants('classes')) await againstClasses(asked ?? [2, 10, 100, 1000, 10_000]);
  if (wants('texts'))
    await againstData(
      'texts',
      (size) => writeTable(join(folder, 'texts.csv'), size, 4),
      asked ?? [1000, 10_000, 100_000],
    );
  if (wants('pictures'))
    await againstData(
      'pictures',
      (size) => writePictures(join(folder, 'pictures'), size),
      asked ?? [1000, 10_000, 100_000],
    );
} finally {
  await rm(folder, { recursive: true, force: true });
}
