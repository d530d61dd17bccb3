import { createHash } from 'node:crypto';
import type { BenchRecord, BenchResults, Coordinates } from '@headstart/bench';
import { RandomStream } from '@headstart/core';

const SOURCES = ['minilm-l6', 'e5-small', 'use-lite', 'text-cnn'];
const STRATEGIES = ['linear-probe', 'contrastive', 'fine-tune', 'lora', 'from-scratch'];
const SEEDS = 5;
const TASK = 'text-classification';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Results of about so many runs whose scores depend on their names, with some noise; nothing of them was run. */
export function madeUpResults(runs: number): BenchResults {
  const pairs = Math.max(1, Math.round(runs / (SOURCES.length * STRATEGIES.length * SEEDS)));
  const domains = Array.from({ length: Math.ceil(Math.sqrt(pairs)) }, (_, i) => `domain-${i + 1}`);
  const random = new RandomStream('report-size');
  const records = SOURCES.flatMap((source, s) =>
    domains.flatMap((train, i) =>
      domains.flatMap((test, j) =>
        STRATEGIES.flatMap((strategy, k) =>
          Array.from({ length: SEEDS }, (_, seed) => {
            const mean = 0.65 + 0.03 * s + 0.02 * (k === 4 ? -2 : k) + (i === j ? 0.08 : 0) + 0.01 * ((i + 2 * j) % 3);
            const coordinates = { source, train, adapt: null, test, strategy, shots: 8, seed };
            return madeUpRecord(coordinates, mean + 0.02 * random.normal());
          }),
        ),
      ),
    ),
  );
  return {
    bench: {
      format: 1,
      name: 'A benchmark that is made up',
      config: {
        sources: SOURCES,
        domains: { train: domains, test: domains },
        strategies: STRATEGIES,
        shots: [8],
        seeds: SEEDS,
      },
      folder: '.',
      alpha: 0.05,
      delta: 0.01,
      baseline: 'linear-probe',
      scratch: ['from-scratch'],
      probe: ['linear-probe'],
      metrics: { [TASK]: { name: 'accuracy', better: 'higher' } },
      cells: records.map(({ id, task, coordinates }) => ({ id, task, coordinates })),
      refused: [],
    },
    rows: [],
    records,
    missing: [],
    others: 0,
  };
}

function madeUpRecord(coordinates: Coordinates, accuracy: number): BenchRecord {
  const { source, train, test } = coordinates;
  const id = sha256(JSON.stringify(coordinates));
  return {
    format: 1,
    id,
    coordinates,
    task: TASK,
    identity: {
      transfer: {},
      source: sha256(source),
      train: sha256(train),
      tests: [sha256(test)],
      code: { core: '1' },
    },
    state: 'done',
    samples: { train: 16, validation: 100, test: 200 },
    metrics: { accuracy, macroF1: accuracy - 0.01 },
    intervals: {},
    training: { accuracy: 0.99 },
    history: Array.from({ length: 20 }, (_, epoch) => ({
      phase: 'probe',
      epoch: epoch + 1,
      epochs: 20,
      loss: (1 - accuracy) / (epoch + 1),
      learningRate: 0.01,
      seconds: 0.1,
      validation: { accuracy: accuracy - 0.2 / (epoch + 1) },
    })),
    choices: [{ what: 'epochs', value: '20', why: 'what the strategy takes' }],
    warnings: [],
    measured: {
      seconds: { total: 2 + accuracy, features: 0.5, training: 1, evaluation: 0.5 },
      memory: 700 * 2 ** 20,
      features: { computed: 0, reused: 216 },
      together: SEEDS,
      finished: '2026-11-28T12:00:00Z',
    },
    digest: sha256(`${id} ${accuracy}`),
  };
}
