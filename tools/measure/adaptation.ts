/**
 * Adaptation to unlabelled samples, inductive: the emoji in three disjoint groups by a hash of their names; a labelled group
 * in one vendor's drawing, an unlabelled and a test group in another's; all pairs of three vendors. Accuracy on the test group per
 * strategy and pair, and the mean of the pairs with its 95 % interval over seeds, beside the same recipes in PyTorch (two seeds).
 * Strategies that are source-free start from a bottleneck probe of the labelled group. With --regret every epoch is judged on the test group
 * as well: how far below the best one each way to choose stays.
 * With --data sentiment the same of sentences about products, films and restaurants, with --data spam of text messages and e-mails, for which there are
 * no references. --metric takes the place of accuracy.
 * With --cost the seconds of training alone, each run right after one of --beside (a linear probe) of the same labelled group, so that what else the machine does
 * meets both alike: the mean of the quotients.
 * Options of training follow a strategy's name, as in "mdd views=4 augmentation=light".
 *
 *   npm run measure -- adaptation [strategy …] [--seeds 0,1] [--pairs google-twitter,apple-google] [--data emoji|sentiment|spam] [--metric macroF1] [--regret | --cost [--beside "fine-tune steps=40"]]
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBackend } from '@headstart/backend';
import {
  createHeadstart,
  definePlugin,
  type RegisteredDataset,
  type SplitName,
  type TransferResult,
} from '@headstart/core';
import { tQuantile } from '@headstart/core/statistics';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import { strategyRow } from './strategy-row.ts';

/** Which group is which: the remainder of the name's hash by three. */
const GROUPS = { labelled: 0, unlabelled: 1, test: 2 } as const;
/** Accuracy of the same recipe in PyTorch, mean of the six pairs, where it was measured. */
const REFERENCES: Readonly<Record<string, number>> = {
  'linear-probe': 0.552,
  adabn: 0.605,
  coral: 0.601,
  dann: 0.634,
  mcc: 0.643,
  'adabn:with=im': 0.647,
  cdan: 0.695,
  'cdan:with=mcc': 0.664,
};
/** Strategies that have no samples to adapt to, and those that have no others. */
const LABELLED_ALONE = /^(linear-probe|bottleneck-probe|fine-tune)\b/;
const UNLABELLED_ALONE = /^(shot|tent)\b/;
/** Source only, and what the seconds of the others are compared with unless --beside names another. */
const PROBE = 'linear-probe';
/** What a source-free strategy starts from. */
const STARTS_FROM = 'bottleneck-probe';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '0,1' },
    pairs: { type: 'string' },
    data: { type: 'string', default: 'emoji' },
    metric: { type: 'string', default: 'accuracy' },
    regret: { type: 'boolean', default: false },
    cost: { type: 'boolean', default: false },
    beside: { type: 'string', default: PROBE },
  },
});
/** The domains of a family of data sets, which are called `<family>-<domain>`. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  emoji: ['google', 'twitter', 'apple'],
  sentiment: ['amazon', 'imdb', 'yelp'],
  spam: ['sms', 'assassin'],
};
const { data: family, metric } = values;
const DOMAINS = FAMILIES[family];
if (!DOMAINS) throw new Error(`--data takes ${Object.keys(FAMILIES).join(', ')}.`);
const PAIRS = DOMAINS.flatMap((from) => DOMAINS.filter((to) => to !== from).map((to) => `${from}-${to}`));
const setOf = (domain: string) => `${family}-${domain}`;
const strategies =
  positionals.length > 0
    ? positionals
    : [
        'linear-probe',
        'bottleneck-probe',
        'shot',
        'adabn',
        'coral',
        'dan',
        'dann',
        'mdd',
        'mcc',
        'adabn:with=im',
        'self-training',
        'cdan',
      ];
const seeds = values.seeds.split(',').map(Number);
const pairs = values.pairs?.split(',') ?? PAIRS;

function groupOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) % 3;
}

/** One group of a domain's samples, all of them in one split. */
function part(whole: RegisteredDataset, name: keyof typeof GROUPS, split: SplitName): RegisteredDataset {
  const id = `${whole.id}-${name}`;
  return {
    ...whole,
    id,
    async load(...args) {
      const data = await whole.load(...args);
      const samples = data.samples.filter(({ sample }) => groupOf(sample.id) === GROUPS[name]);
      return { ...data, id, samples: samples.map(({ sample }) => ({ sample, split })) };
    },
  };
}

const backend = await openBackend();
const registered = await createHeadstart({ backend, plugins: [vision(), nlp()] });
const groups = definePlugin({
  name: 'groups',
  version: '0.0.0',
  headstart: '*',
  setup({ datasets }) {
    for (const domain of DOMAINS) {
      const whole = registered.datasets().find(({ value }) => value.id === setOf(domain))!.value;
      datasets.add(part(whole, 'labelled', 'train'));
      datasets.add(part(whole, 'unlabelled', 'train'));
      datasets.add(part(whole, 'test', 'test'));
    }
  },
});
const headstart = await createHeadstart({ backend, plugins: [vision(), nlp(), groups()] });
const folder = await mkdtemp(join(tmpdir(), 'headstart-adaptation-'));
let runs = 0;

/** What a run came to on the test group. */
interface Measured {
  readonly score: number;
  /** Of training: steps alone, without features and evaluation. */
  readonly seconds: number;
  /** By way to choose an epoch of the last phase: how far the accuracy of what it would have kept is below the best epoch's. */
  readonly regrets: ReadonlyMap<string, number>;
}

/** The parts of a run's seconds that are compared. */
type Spent = Pick<TransferResult['seconds'], 'training' | 'evaluation'>;

/** The folders of models that source-free strategies start from, by pair's first domain and seed. */
const started = new Map<string, Promise<string>>();

function startOf(from: string, seed: number): Promise<string> {
  const key = `${from}-${seed}`;
  const trained = async () => {
    const out = join(folder, String(runs++));
    const request = { target: `${setOf(from)}-labelled`, strategy: STARTS_FROM, seed, out };
    return (await headstart.train(request)).model;
  };
  if (!started.has(key)) started.set(key, trained());
  return started.get(key)!;
}

/** Trains, and judges on the test group where that is asked for. */
async function trained(strategy: string, pair: string, seed: number): Promise<TransferResult> {
  const [from, to] = pair.split('-') as [string, string];
  const [labelled, unlabelled, test] = [`${setOf(from)}-labelled`, `${setOf(to)}-unlabelled`, `${setOf(to)}-test`];
  const out = join(folder, String(runs++));
  const adapts = !LABELLED_ALONE.test(strategy);
  const learned = UNLABELLED_ALONE.test(strategy)
    ? { target: unlabelled, source: `model:${await startOf(from, seed)}` }
    : { target: labelled, ...(adapts && { adapt: unlabelled }) };
  const judge = values.regret && adapts ? { judge: test } : {};
  return headstart.train({ ...strategyRow(strategy), seed, out, ...learned, ...judge });
}

async function measured(strategy: string, pair: string, seed: number): Promise<Measured> {
  const { model: out, seconds, selection = [] } = await trained(strategy, pair, seed);
  const model = await headstart.load(out);
  const { metrics } = await model.evaluate(`${setOf(pair.split('-')[1]!)}-test`, { split: 'test' });
  model.dispose();
  const { judged, would = {} } = selection.at(-1) ?? {};
  const regrets = Object.entries(would).flatMap(([way, { accuracy }]) =>
    judged && accuracy !== undefined ? [[way, judged.oracle.accuracy - accuracy] as const] : [],
  );
  return { score: metrics.values[metric]!, seconds: seconds.training, regrets: new Map(regrets) };
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** "0.695 [0.689, 0.701]": Student's interval; without one where there is one seed. */
function withInterval(numbers: readonly number[]): string {
  const centre = mean(numbers);
  if (numbers.length < 2) return centre.toFixed(4);
  const variance = numbers.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (numbers.length - 1);
  const half = tQuantile(0.975, numbers.length - 1) * Math.sqrt(variance / numbers.length);
  return `${centre.toFixed(4)} [${(centre - half).toFixed(4)}, ${(centre + half).toFixed(4)}]`;
}

/** Accuracy of a strategy on the test groups, and how far below the best epoch each way to choose one stays. */
async function accuracies(strategy: string): Promise<void> {
  const found = new Map<string, number[]>();
  const regrets = new Map<string, Map<number, number[]>>();
  const seconds: number[] = [];
  for (const pair of pairs)
    for (const seed of seeds) {
      const run = await measured(strategy, pair, seed);
      found.set(pair, [...(found.get(pair) ?? []), run.score]);
      seconds.push(run.seconds);
      for (const [way, regret] of run.regrets) {
        const ofWay = regrets.get(way) ?? new Map<number, number[]>();
        regrets.set(way, ofWay.set(seed, [...(ofWay.get(seed) ?? []), regret]));
      }
    }
  const bySeed = seeds.map((_, i) => mean([...found.values()].map((each) => each[i]!)));
  const reference = family === 'emoji' ? REFERENCES[strategy] : undefined;
  console.log(`${strategy.padEnd(24)} ${withInterval(bySeed)}${reference ? `  reference ${reference}` : ''}`);
  for (const [pair, each] of found)
    console.log(`  ${pair.padEnd(16)} ${mean(each).toFixed(3)}  (${each.map((a) => a.toFixed(3)).join(', ')})`);
  for (const [way, ofWay] of regrets)
    console.log(`  regret ${way.padEnd(32)} ${withInterval([...ofWay.values()].map(mean))}`);
  console.log(`  ${mean(seconds).toFixed(1)} s of training per run`);
}

/** Seconds of a strategy beside those of another that trained just before: of training, and with the evaluation of epochs. */
async function costs(strategy: string): Promise<void> {
  const spent: { readonly own: Spent; readonly other: Spent }[] = [];
  for (const pair of pairs)
    for (const seed of seeds) {
      const other = (await trained(values.beside, pair, seed)).seconds;
      const own = (await trained(strategy, pair, seed)).seconds;
      spent.push({ own, other });
    }
  console.log(`${strategy.padEnd(24)} beside ${values.beside}, ${spent.length} pairs of runs`);
  for (const [what, of] of [
    ['training', ({ training }: Spent) => training],
    ['with evaluation', ({ training, evaluation }: Spent) => training + evaluation],
  ] as const) {
    const quotients = spent.map(({ own, other }) => of(own) / of(other));
    const seconds = (['own', 'other'] as const).map((whose) => mean(spent.map((pair) => of(pair[whose]))).toFixed(2));
    console.log(`  ${what.padEnd(16)} ${withInterval(quotients)} times: ${seconds.join(' s beside ')} s`);
  }
}

try {
  for (const strategy of strategies) await (values.cost ? costs(strategy) : accuracies(strategy));
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
