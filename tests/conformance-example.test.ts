import { readFile } from 'node:fs/promises';
import { definePlugin, HEAD, type Strategy } from '@headstart/core';
import type { Metric } from '@headstart/core/metrics';
import { checkMetric, checkPlugin, checkStrategy, checkTask, pointDomain } from '@headstart/core/testing';
import { expect, it } from 'vitest';

/** Trains the last stage and the head. */
const topOnly: Strategy = {
  id: 'top-only',
  description: 'The last stage and the head',
  start: 'source',
  defaults: { epochs: 5, batchSize: 16 },
  plan: (stages, { epochs, learningRate = 1e-3, weightDecay = 0.01 }) => [
    {
      name: 'top',
      epochs,
      trainable: { [stages.at(-1)!.name]: 0.1, [HEAD]: 1 },
      optimiser: { kind: 'adamw', learningRate, weightDecay },
      schedule: { warmup: 0.1, decay: 'cosine' },
      batchStatistics: false,
    },
  ],
};

/** The share of samples that are given to the first class, whatever they are. */
const firstShare: Metric<'classification'> = {
  id: 'firstShare',
  kind: 'classification',
  description: 'Share of samples that are most likely of the first class',
  compute({ labels, probabilities, truth }) {
    const rows = Array.from(truth, (_, i) => probabilities.subarray(i * labels.length, (i + 1) * labels.length));
    return rows.length === 0 ? 0 : rows.filter((row) => row[0] === Math.max(...row)).length / rows.length;
  },
};

const plugin = definePlugin({
  name: 'headstart-plugin-top',
  version: '1.0.0',
  headstart: '^0.1',
  setup({ strategies, metrics }) {
    strategies.add(topOnly);
    metrics.add(firstShare);
  },
});

it('keeps the contract of plugins', async () => {
  await checkPlugin(plugin);
});

it('keeps the contracts of its parts', async () => {
  await checkStrategy(topOnly);
  await checkMetric(firstShare);
});

it('keeps the contract of tasks', async () => {
  const { task, source, target } = pointDomain();
  await checkTask(task, { source, target, inputs: ['0.5,-1'], bad: ['north'] });
});

it('is what docs/conformance.md shows', async () => {
  const [page, self] = await Promise.all(
    ['../docs/conformance.md', './conformance-example.test.ts'].map((path) =>
      readFile(new URL(path, import.meta.url), 'utf8'),
    ),
  );
  const blocks = Array.from(page!.matchAll(/```ts\n([\s\S]*?)```/g), ([, block]) => block!);
  expect(blocks.length).toBeGreaterThan(1);
  for (const block of blocks) expect(self).toContain(block);
});
