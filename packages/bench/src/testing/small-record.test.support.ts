import type { EvidenceItems } from '@headstart/core/trials';
import type { BenchRecord, Coordinates } from '../records/bench-record.ts';
import { writePredictions, type Predictions } from '../records/predictions.ts';
import { identityDigest, sealRecord, sha256 } from '../records/record-digest.ts';

/** Two samples of two classes, of which one is predicted right. */
export const smallPredictions: Predictions = {
  ids: ['a.png', 'ü "b".png'],
  digests: ['00', '11'],
  items: {
    kind: 'classification',
    shared: { labels: ['cat', 'dog'] },
    columns: [
      { name: 'truth', type: 'int32', values: [0, 1] },
      {
        name: 'probabilities',
        type: 'float32[]',
        values: [[0.75, 0.25].map(Math.fround), [0.9, 0.1].map(Math.fround)],
      },
      { name: 'boxes', type: 'json', values: ['[{"a":1}]', '[]'] },
    ],
  } satisfies EvidenceItems,
};

/** A record of a cell that was done, and its predictions' file. */
export function smallRecord(
  more: Partial<Coordinates> = {},
  changes: Partial<Omit<BenchRecord, 'id' | 'digest'>> = {},
): { record: BenchRecord; predictions: Uint8Array } {
  const coordinates: Coordinates = {
    source: 'net',
    train: 'a',
    adapt: null,
    test: 'b',
    strategy: 'linear-probe',
    shots: 'all',
    seed: 0,
    ...more,
  };
  const predictions = writePredictions(smallPredictions);
  const identity = { transfer: { ...coordinates }, source: 's', train: 't', tests: ['u'], code: { core: '1' } };
  const record = sealRecord({
    format: 1,
    id: identityDigest(identity),
    coordinates,
    task: 'point-classification',
    identity,
    state: 'done',
    samples: { train: 2 },
    metrics: { accuracy: 0.5 },
    intervals: { accuracy: [0.1, 0.9] },
    history: [{ phase: 'probe', epoch: 1, epochs: 1, loss: 0.25, learningRate: 1e-3, seconds: 0.5 }],
    choices: [],
    warnings: [],
    predictions: { file: 'predictions.parquet', sha256: sha256(predictions), rows: 2 },
    measured: {
      seconds: { total: 1, features: 0.25, training: 0.5, evaluation: 0.25 },
      memory: 1000,
      features: { computed: 2, reused: 0 },
      together: 1,
      finished: '2026-11-28T12:00:00.000Z',
    },
    ...changes,
  });
  return { record, predictions };
}
