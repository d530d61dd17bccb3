/**
 * What models make of their probabilities, measured on held-out data: the calibration error of the three sentiment sets without
 * and with a temperature; macro-F1 with thresholds of one half and with tuned ones on texts of two topics each;
 * cross-validation beside scikit-learn's on the same features (installed by pip into the cache folder, once); how many
 * inputs lie far from what was trained on, in data alike and in other data.
 *
 *   npm run measure -- answers [calibration|thresholds|folds|shift] [seeds=5]
 */
import { compose } from '../workspace/compose.ts';

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, silentProgress, type TransferRequest } from '@headstart/core';
import type { CalibrationError } from '@headstart/core/trials';
import { pythonEnvironment } from '../workspace/python-environment.ts';

const SENTIMENT = ['sentiment-amazon', 'sentiment-imdb', 'sentiment-yelp'];
const words = process.argv.slice(2);
const parts = words.filter((word) => !word.includes('='));
const seeds = Number(words.find((word) => word.startsWith('seeds='))?.slice('seeds='.length) ?? 5);
const wanted = (part: string) => parts.length === 0 || parts.includes(part);

const folder = await mkdtemp(join(tmpdir(), 'headstart-answers-'));
const headstart = await compose(silentProgress);
const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts') });
/** Inputs of another data set that are looked at. */
const MOST_INPUTS = 400;
let runs = 0;
const train = (request: TransferRequest) => headstart.train({ ...request, out: join(folder, `run-${runs++}`) });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const seedsOf = (count: number) => Array.from({ length: count }, (_, seed) => seed);

async function calibration(): Promise<void> {
  console.log('\nexpected calibration error and log loss on the test split, without and with a temperature');
  for (const split of [
    [70, 10, 20],
    [60, 20, 20],
  ] as const) {
    for (const target of SENTIMENT) {
      const rows: { temperature: number; before: CalibrationError; after: CalibrationError }[] = [];
      for (const seed of seedsOf(seeds)) {
        const { calibration: found } = await train({ target, seed, split, calibrate: 'temperature' });
        rows.push({ temperature: found!.temperature, ...found!.splits['test']! });
      }
      const change = (name: 'ece' | 'nll') =>
        `${mean(rows.map(({ before }) => before[name])).toFixed(4)} to ${mean(rows.map(({ after }) => after[name])).toFixed(4)}, lower in ${rows.filter(({ before, after }) => after[name] < before[name]).length} of ${rows.length}`;
      const temperatures = rows.map(({ temperature }) => temperature.toFixed(2)).join(' ');
      console.log(
        `${target} ${split.join('/')}: ece ${change('ece')}; nll ${change('nll')}; temperatures ${temperatures}`,
      );
    }
  }
}

/** Texts that two exchanges of a chat make together, each with the topics of both; exchanges of one split stay in it. */
async function twoTopics(seed: number): Promise<string> {
  const dataset = headstart.datasets().find(({ value }) => value.id === 'chat-english')!.value;
  const data = await dataset.load({ artifacts }, { skipBad: false, progress: silentProgress, options: {} });
  let state = seed + 1;
  const draw = (n: number) => Math.floor(((state = (state * 48271) % 2147483647) / 2147483647) * n);
  const splits = data.samples.map(() => ['train', 'train', 'validation', 'test'][draw(4)]!);
  const rows: string[] = [];
  for (const [split, count] of [
    ['train', 600],
    ['validation', 300],
    ['test', 600],
  ] as const) {
    const own = data.samples.filter((_, i) => splits[i] === split).map(({ sample }) => sample);
    for (let i = 0; i < count; i++) {
      const pair = [own[draw(own.length)]!, own[draw(own.length)]!] as unknown as { text: string; label: number }[];
      const labels = [...new Set(pair.map(({ label }) => data.labels[label]))];
      rows.push(JSON.stringify({ text: pair.map(({ text }) => text).join(' '), labels, split }));
    }
  }
  const file = join(folder, `two-topics-${seed}.jsonl`);
  await writeFile(file, `${rows.join('\n')}\n`);
  return file;
}

async function thresholds(): Promise<void> {
  console.log(
    '\nmacro-F1 on the test split, texts of two topics: thresholds of one half, and tuned on the validation split',
  );
  for (const seed of seedsOf(seeds)) {
    const target = await twoTopics(seed);
    const plain = await train({ target, seed });
    const tuned = await train({ target, seed, tuneThresholds: true });
    const of = ({ metrics }: typeof plain) =>
      ['macroF1', 'microF1'].map((name) => `${name} ${metrics['test']![name]!.toFixed(4)}`).join(', ');
    console.log(`seed ${seed}: ${of(plain)}; tuned: ${of(tuned)}`);
  }
}

async function folds(): Promise<void> {
  console.log('\nfive folds of 200 sentences: our probe, and scikit-learn on the same features and the same folds');
  const python = await pythonEnvironment(
    {
      name: 'answers',
      requirements: join(import.meta.dirname, 'answers', 'requirements.txt'),
      announce: 'Making a Python environment with scikit-learn, about 300 MB. This happens once.',
      check: 'import sklearn',
    },
    console.log,
  );
  for (const target of SENTIMENT) {
    const dataset = headstart.datasets().find(({ value }) => value.id === target)!.value;
    const data = await dataset.load({ artifacts }, { skipBad: false, progress: silentProgress, options: {} });
    const texts = data.samples.slice(0, 200).map(({ sample }) => sample as unknown as { text: string; label: number });
    const file = join(folder, `${target}.jsonl`);
    const rows = texts.map(({ text, label }, i) => JSON.stringify({ id: i, text, label: data.labels[label] }));
    await writeFile(file, `${rows.join('\n')}\n`);
    const readerOptions = { 'text-column': 'text', 'label-column': 'label' };
    const { crossValidation, outOfFold } = await headstart.crossValidate(
      { target: file, readerOptions, out: join(folder, `run-${runs++}`) },
      { folds: 5 },
    );
    const found = new Map(outOfFold.map((row) => [Number(/(\d+)$/.exec(String(row['id']))![1]), row]));
    const first = Math.min(...found.keys());
    const inOrder = texts.map((_, i) => found.get(first + i)!);
    const { shape, data: features } = await headstart.embed(
      'minilm-l6',
      texts.map(({ text }) => text),
    );
    const reference = JSON.parse(
      execFileSync(python, [join(import.meta.dirname, 'answers', 'cross_validate.py')], {
        input: JSON.stringify({
          features: texts.map((_, i) => Array.from(features.subarray(i * shape[1], (i + 1) * shape[1]))),
          labels: inOrder.map((row) => row['truth']),
          folds: inOrder.map((row) => row['fold']),
          C: 0.1,
          k: 5,
          seeds: 20,
        }),
        maxBuffer: 2 ** 28,
      }).toString(),
    ) as { predicted: string[]; folds: number[]; own: number[] };
    const { mean: ours, interval, values } = crossValidation.metrics['accuracy']!;
    const agreeing = inOrder.filter((row, i) => row['prediction'] === reference.predicted[i]).length;
    const show = (all: readonly number[]) => all.map((value) => value.toFixed(3)).join(' ');
    console.log(
      `${target}: ours ${ours.toFixed(4)} [${show(interval ?? [])}], folds ${show(values)}; scikit-learn ${mean(reference.folds).toFixed(4)}, folds ${show(reference.folds)}; the same prediction out of fold for ${agreeing} of ${texts.length}; scikit-learn's own folds, 20 seeds: ${Math.min(...reference.own).toFixed(4)} to ${Math.max(...reference.own).toFixed(4)}, mean ${mean(reference.own).toFixed(4)}`,
    );
  }
}

/** What a registered data set holds for `predict`: its texts, or the paths of its pictures. */
async function inputsOf(name: string): Promise<string[]> {
  const dataset = headstart.datasets().find(({ value }) => value.id === name)!.value;
  const data = await dataset.load({ artifacts }, { skipBad: false, progress: silentProgress, options: {} });
  return data.samples.slice(0, MOST_INPUTS).map(({ sample }) => {
    const { text, image } = sample as { text?: string; image?: { path: string } };
    return text ?? image!.path;
  });
}

async function shift(): Promise<void> {
  console.log('\nhow far inputs lie from what was trained on');
  for (const [target, others] of [
    ['sentiment-amazon', ['sentiment-imdb', 'sentiment-yelp', 'sentiment-chinese', 'chat-english']],
    ['emoji-google', ['emoji-apple', 'emoji-twitter']],
  ] as const) {
    const { model } = await train({ target });
    const loaded = await headstart.load(model);
    try {
      const own = await loaded.evaluate(target, { reportShift: true });
      console.log(`${target}, its test split: ${own.shift!.summary}`);
      for (const other of others)
        console.log(`${target} to ${other}: ${(await loaded.reportShift(await inputsOf(other))).summary}`);
    } finally {
      loaded.dispose();
    }
  }
}

try {
  if (wanted('shift')) await shift();
  if (wanted('calibration')) await calibration();
  if (wanted('thresholds')) await thresholds();
  if (wanted('folds')) await folds();
} finally {
  await headstart.close();
  await rm(folder, { recursive: true, force: true });
}
