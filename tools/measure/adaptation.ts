/**
 * Adaptation to unlabelled samples, inductive: the emoji in three disjoint groups by a hash of their names; a labelled group
 * in one vendor's drawing, an unlabelled and a test group in another's; all pairs of three vendors. Accuracy on the test group per
 * strategy and pair, and the mean of the pairs with its 95 % interval over seeds, beside the same recipes in PyTorch (two seeds).
 * With --texts the same of sentences about products, films and restaurants, for which there are no references.
 *
 *   npm run measure -- adaptation [strategy …] [--seeds 0,1] [--pairs google-twitter,apple-google] [--texts]
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBackend } from '@headstart/backend';
import { createHeadstart, definePlugin, type RegisteredDataset, type SplitName } from '@headstart/core';
import { tQuantile } from '@headstart/core/statistics';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';

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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '0,1' },
    pairs: { type: 'string' },
    texts: { type: 'boolean', default: false },
  },
});
const DOMAINS = values.texts ? ['amazon', 'imdb', 'yelp'] : ['google', 'twitter', 'apple'];
const PAIRS = DOMAINS.flatMap((from) => DOMAINS.filter((to) => to !== from).map((to) => `${from}-${to}`));
const setOf = (domain: string) => `${values.texts ? 'sentiment' : 'emoji'}-${domain}`;
const strategies =
  positionals.length > 0
    ? positionals
    : ['linear-probe', 'adabn', 'coral', 'dan', 'dann', 'mdd', 'mcc', 'adabn:with=im', 'self-training', 'cdan'];
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

/** Accuracy on the test group, and seconds of training. */
async function measured(strategy: string, pair: string, seed: number): Promise<{ accuracy: number; seconds: number }> {
  const [from, to] = pair.split('-') as [string, string];
  const out = join(folder, String(runs++));
  const adapt = strategy === 'linear-probe' ? {} : { adapt: `${setOf(to)}-unlabelled` };
  const { seconds } = await headstart.train({ target: `${setOf(from)}-labelled`, strategy, seed, out, ...adapt });
  const model = await headstart.load(out);
  const { metrics } = await model.evaluate(`${setOf(to)}-test`, { split: 'test' });
  model.dispose();
  return { accuracy: metrics.values['accuracy']!, seconds: seconds.training };
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

try {
  for (const strategy of strategies) {
    const found = new Map<string, number[]>();
    const seconds: number[] = [];
    for (const pair of pairs)
      for (const seed of seeds) {
        const run = await measured(strategy, pair, seed);
        found.set(pair, [...(found.get(pair) ?? []), run.accuracy]);
        seconds.push(run.seconds);
      }
    const bySeed = seeds.map((_, i) => mean([...found.values()].map((accuracies) => accuracies[i]!)));
    const reference = values.texts ? undefined : REFERENCES[strategy];
    console.log(`${strategy.padEnd(24)} ${withInterval(bySeed)}${reference ? `  reference ${reference}` : ''}`);
    for (const [pair, accuracies] of found)
      console.log(
        `  ${pair.padEnd(16)} ${mean(accuracies).toFixed(3)}  (${accuracies.map((a) => a.toFixed(3)).join(', ')})`,
      );
    console.log(`  ${mean(seconds).toFixed(1)} s of training per run`);
  }
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
