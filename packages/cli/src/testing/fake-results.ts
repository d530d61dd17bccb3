import type { TransferPlan, TransferResult } from '@headstart/core';
import type { SourceRanking } from '@headstart/core/inference';
import type { Inspection } from '@headstart/core/readers';

/** A result whose fields all differ. */
export const fakeResult: TransferResult = {
  runId: 'run-7',
  task: 'fake-task',
  source: 'fake-source',
  target: 'fake-set',
  strategy: 'fake-strategy',
  seed: 7,
  backend: 'fake',
  device: 'cpu',
  metrics: { validation: { accuracy: 0.75 }, test: { accuracy: 0.5, macroF1: 0.25 } },
  intervals: { validation: {}, test: { accuracy: [0.3, 0.7] } },
  seconds: { total: 75.2, features: 3.4, training: 70.1, evaluation: 1.5 },
  samples: { train: 70, validation: 10, test: 20 },
  chosen: [{ phase: 'probe', epoch: 4, of: 9, by: 'metric', why: 'the best by validation accuracy 0.7500' }],
  skipped: [{ id: 'broken.png', reason: 'the file is empty' }],
  model: 'runs/run-7',
};

/** A plan whose fields all differ. */
export const fakePlan: TransferPlan = {
  request: { target: 'fake-set', epochs: 3 },
  choices: [{ what: 'epochs', value: '3', why: 'asked for' }],
  samples: { train: 7000, validation: 10, test: 20 },
  labels: ['cat', 'dog'],
  skipped: [{ id: 'broken.png', reason: 'the file is empty' }],
  warnings: [{ code: 'odd', message: 'Something looks odd.', hint: 'Look at it.', samples: [] }],
  passedOver: [{ what: 'hidden files', count: 1, examples: ['.a'] }],
  cleaned: [{ code: 'duplicates', samples: 4, message: '4 copies left out' }],
  unlabelled: {
    target: '/data/phone',
    reader: 'text-table',
    samples: 30,
    ignoredLabels: ['cat'],
    skipped: [],
    remarks: ['The tables are two.'],
    table: { columns: [{ name: 'review', role: 'text' }, { name: 'id' }] },
    passedOver: [{ what: 'notes', count: 1, examples: ['notes.txt'] }],
    warnings: [{ code: 'faint', message: 'There are few.', hint: 'Add some.', samples: [] }],
  },
  phases: [
    {
      name: 'probe',
      epochs: 3,
      stepsPerEpoch: 438,
      steps: 1314,
      trainable: { top: 0.1, head: 1 },
      trainableParameters: 2562,
      frozen: ['stem', 'block1'],
      cached: ['stem', 'block1'],
      views: 4,
      optimiser: { kind: 'adamw', learningRate: 0.001, weightDecay: 1 },
      labelSmoothing: 0,
      schedule: { warmup: 0.1, decay: 'cosine' },
      losses: ['ridge'],
    },
  ],
};

/** An inspection whose fields all differ. */
export const fakeInspection: Inspection = {
  target: 'fake-set',
  reader: 'fake-reader',
  why: 'it looks like one',
  task: 'fake-task',
  modality: 'image',
  splits: 'drawn',
  samples: { train: 7000, validation: 1000, test: 2000 },
  labels: Array.from({ length: 30 }, (_, i) => ({ name: `class ${i}`, train: 233 + i, validation: 33, test: 66 })),
  table: {
    columns: [{ name: 'review', role: 'text' }, { name: 'stars', role: 'label' }, { name: 'id' }],
    separator: '\t',
    header: true,
    encoding: 'windows-1252',
  },
  unlabelled: { count: 1, samples: [{ id: 'reviews.tsv:7', reason: 'the label is empty' }] },
  examples: [{ id: 'reviews.tsv:2', split: 'train', labels: ['class 3'], texts: ['good '.repeat(40)] }],
  duplicates: { acrossSplits: 1, conflicting: 2, copies: 3 },
  near: { of: 'texts', compared: 9997, between: [] },
  groups: { groups: 1200, alone: 4, apart: 0, largest: { group: 'ann', samples: 30 } },
  warnings: [{ code: 'odd', message: 'Something looks odd.', hint: 'Look at it.', samples: ['reviews.tsv:9'] }],
  unchecked: [{ code: 'cut-texts', why: 'The tokeniser is not here.' }],
  cleaned: [{ code: 'duplicates', samples: 4, message: '4 copies left out' }],
  skipped: [{ id: 'reviews.tsv:8', reason: 'the text is empty' }],
  passedOver: [{ what: 'hidden files', count: 2, examples: ['.a', '.b'] }],
};

/** A ranking of two layers of one source, and a source that could not be ranked. */
export const fakeRanking: SourceRanking = {
  target: 'fake-set',
  task: 'fake-task',
  score: 'probe',
  samples: 500,
  classes: 3,
  candidates: [
    {
      source: 'fake-source',
      layer: 'block5',
      last: false,
      width: 112,
      parameters: 1234567,
      score: 0.75,
      nearestNeighbour: 0.5,
      seconds: 0.25,
    },
    {
      source: 'fake-source',
      layer: 'pooled',
      last: true,
      width: 1280,
      parameters: 1234567,
      score: 0.625,
      nearestNeighbour: 0.55,
      seconds: 0.5,
    },
  ],
  baselines: {
    size: { source: 'fake-source', layer: 'pooled' },
    nearestNeighbour: { source: 'fake-source', layer: 'pooled' },
  },
  sources: [{ source: 'fake-source', opening: 1, features: 2, reused: 400, computed: 100 }],
  refused: [{ source: 'fake-words', code: 'not-supported', reason: 'It reads words.' }],
  seconds: { total: 4, scoring: 0.75 },
};
