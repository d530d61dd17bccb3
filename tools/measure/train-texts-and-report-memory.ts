/** One training run on texts; prints resident memory on the way and at its peak. Started by text-memory.ts. */
import { join } from 'node:path';
import { matMul, tensor, variable, type Tensor2D } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createHeadstart, definePlugin, RandomStream, type SourceDomain } from '@headstart/core';
import type { ModelVariable, Stage } from '@headstart/core/network';
import nlp, { type TextBackbone, type TextInput } from '@headstart/nlp';

const BUCKETS = 512;
const WIDTH = 64;

/** Counts of words, put into buckets by a hash (FNV-1a). */
function wordCounts({ text }: TextInput): Record<string, Float32Array> {
  const words = new Float32Array(BUCKETS);
  for (const word of text.split(/\W+/)) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
    words[(hash >>> 0) % BUCKETS]! += 1 / 48;
  }
  return { words };
}

/** A random projection of word counts. */
const projection: SourceDomain = {
  id: 'projection',
  modality: 'text',
  card: {
    title: 'Random projection',
    description: 'Word counts by hash, projected',
    trainedOn: 'none',
    licence: 'Apache-2.0',
    files: [],
  },
  async open(): Promise<TextBackbone> {
    const random = new RandomStream('projection');
    const initial = tensor(
      Float32Array.from({ length: BUCKETS * WIDTH }, () => random.normal()),
      [BUCKETS, WIDTH],
    );
    const kernel: ModelVariable = { name: 'kernel', value: variable(initial, true), role: 'weight', decay: true };
    initial.dispose();
    const stage: Stage = {
      name: 'projection',
      variables: [kernel],
      initialise: () => {},
      forward: (inputs) => ({ vector: matMul(inputs['words'] as Tensor2D, kernel.value as unknown as Tensor2D) }),
    };
    return {
      architecture: 'projection@1',
      input: { tensors: { words: { shape: [BUCKETS], dtype: 'float32' } }, preprocessing: {} },
      texts: { key: 'word-counts@1', encode: wordCounts },
      stages: [stage],
      features: [{ name: 'vector', stage: 'projection', tensor: 'vector', shape: [WIDTH], kind: 'vector' }],
      dispose: () => kernel.value.dispose(),
    };
  },
};

const plugin = definePlugin({
  name: 'projection',
  version: '0.1.0',
  headstart: '^0.1',
  setup: (context) => context.sources.add(projection),
});
const started = performance.now();
const report = (what: string) =>
  console.log(
    `  ${((performance.now() - started) / 1000).toFixed(0)} s, ${what}: ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB`,
  );

const [target, scratch] = process.argv.slice(2);
const headstart = await createHeadstart({ backend: await openBackend(), plugins: [nlp(), plugin()] });
report('before');
const { metrics } = await headstart.train(
  {
    target: target!,
    source: 'projection',
    strategy: 'linear-probe',
    epochs: 2,
    batchSize: 64,
    out: join(scratch!, 'run'),
  },
  {
    events: {
      runStart: () => report('read and split'),
      features: () => report('features'),
      epochEnd: () => report('epoch'),
    },
  },
);
await headstart.close();
console.log(
  `  accuracy ${metrics['test']!['accuracy']!.toFixed(3)}, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(1)} MB`,
);
