import { createHash } from 'node:crypto';
import { RandomStream } from '@headstart/core';
import type { BenchRecord, Coordinates } from '../records/bench-record.ts';
import { gainsOf } from '../gains/gains.ts';
import { pairedInterval } from '@headstart/core/statistics';
import { rankingsOf } from '../statistics/rankings.ts';
import { verdictsOf } from '../statistics/verdicts.ts';
import { cellsOf } from './cells.ts';
import { distinct } from './names.ts';
import type { ReportData } from './report-data.ts';

/** The axes of a benchmark that is made up. */
export interface MadeUp {
  readonly name?: string;
  readonly sources: readonly string[];
  readonly domains: readonly string[];
  readonly strategies: readonly string[];
  readonly shots: readonly (number | 'all')[];
  readonly seeds: number;
  readonly fails?: (coordinates: Coordinates) => boolean;
}

export const SMALL: MadeUp = {
  sources: ['minilm-l6', 'use-lite'],
  domains: ['amazon', 'imdb'],
  strategies: ['linear-probe', 'contrastive', 'fine-tune', 'from-scratch'],
  shots: [8, 'all'],
  seeds: 5,
};

const sha = (text: string) => createHash('sha256').update(text).digest('hex');

/** Records with scores that depend on their names, and some noise. */
export function madeUpRecords(matrix: MadeUp): BenchRecord[] {
  const random = new RandomStream('report');
  return matrix.sources.flatMap((source, s) =>
    matrix.domains.flatMap((train, i) =>
      matrix.domains.flatMap((test, j) =>
        matrix.strategies.flatMap((strategy, k) =>
          matrix.shots.flatMap((shots, h) =>
            Array.from({ length: matrix.seeds }, (_, seed) => {
              const mean =
                0.7 +
                0.05 * s +
                0.03 * (strategy === 'from-scratch' ? -2 : k) +
                0.06 * h -
                (i === j ? 0 : 0.08) +
                0.01 * ((i + 2 * j) % 3);
              const coordinates = { source, train, adapt: null, test, strategy, shots, seed };
              return madeUpRecord(coordinates, mean + 0.02 * random.normal(), matrix.fails?.(coordinates) ?? false);
            }),
          ),
        ),
      ),
    ),
  );
}

function madeUpRecord(coordinates: Coordinates, accuracy: number, fails: boolean): BenchRecord {
  const id = sha(JSON.stringify(coordinates));
  const { source, train, test } = coordinates;
  const record: Omit<BenchRecord, 'digest'> = {
    format: 1,
    id,
    coordinates,
    task: 'text-classification',
    identity: {
      transfer: {},
      source: sha(source),
      train: sha(train),
      tests: [sha(test)],
      code: { '@headstart/core': '0.1.0', backend: 'tensorflow 2.21.0' },
    },
    state: fails ? 'failed' : 'done',
    ...(fails && {
      error: { code: 'diverged', message: 'The loss became NaN.', hint: 'Lower the learning rate.' } as const,
    }),
    samples: { train: 16, validation: 100, test: 200 },
    metrics: fails ? {} : { accuracy, macroF1: accuracy - 0.01 },
    intervals: {},
    training: { accuracy: 0.99 },
    history: Array.from({ length: 12 }, (_, epoch) => ({
      phase: 'probe',
      epoch: epoch + 1,
      epochs: 12,
      loss: 0.7 / (epoch + 1),
      learningRate: 0.01,
      seconds: 0.1,
      validation: { accuracy: accuracy - 0.2 / (epoch + 1) },
    })),
    choices: [{ what: 'epochs', value: '12', why: 'the default of linear-probe' }],
    warnings: [],
    measured: {
      seconds: { total: 2, features: 0.5, training: 1, evaluation: 0.5 },
      memory: 700 * 2 ** 20,
      features: { computed: 0, reused: 216 },
      together: 5,
      finished: '2026-11-28T12:00:00Z',
    },
  };
  return { ...record, digest: sha(JSON.stringify(record)) };
}

/** What a report of them is made from. */
export async function madeUpReport(matrix: MadeUp, records = madeUpRecords(matrix)): Promise<ReportData> {
  const alpha = 0.05;
  const metrics = Object.fromEntries(
    distinct(records.map(({ task }) => task)).map((task) => [task, { name: 'accuracy', better: 'higher' as const }]),
  );
  const baseline = matrix.strategies[0]!;
  return {
    name: matrix.name ?? 'A benchmark',
    alpha,
    delta: 0.01,
    baseline,
    planned: records.length,
    cells: cellsOf(records, {
      metrics,
      interval: (values) => (values.length < 2 ? null : pairedInterval(values, 1 - alpha)),
      worst: () => [],
    }),
    refused: [],
    verdicts: await verdictsOf(records, { alpha, delta: 0.01, baseline, metrics }),
    rankings: rankingsOf(records, { metrics, alpha }),
    gains: gainsOf(records, { metrics, alpha }),
    samples: [],
    withheld: [],
  };
}
