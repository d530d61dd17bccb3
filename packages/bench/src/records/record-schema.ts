import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/, { error: 'has to be 64 hexadecimal digits' });
const numbers = z.record(z.string(), z.number());
const counts = z.record(z.string(), z.int().min(0));
const seconds = z.number().min(0);

export const coordinatesSchema = z.strictObject({
  source: z.string(),
  train: z.string(),
  adapt: z.string().nullable(),
  test: z.string(),
  strategy: z.string(),
  shots: z.union([z.int().min(1), z.literal('all')]),
  seed: z.int().min(0),
});

const identitySchema = z.strictObject({
  transfer: z.record(z.string(), z.unknown()),
  source: z.string(),
  train: z.string(),
  adapt: z.string().optional(),
  tests: z.tuple([z.string()]),
  code: z.record(z.string(), z.string()),
});

const epochSchema = z.strictObject({
  phase: z.string(),
  epoch: z.int().min(1),
  epochs: z.int().min(1),
  loss: z.number(),
  learningRate: z.number(),
  seconds,
  validation: numbers.optional(),
});

/** A record as `record.json` holds it. */
export const recordSchema = z.strictObject({
  format: z.literal(1, { error: 'is of another version of records' }),
  id: digest,
  coordinates: coordinatesSchema,
  task: z.string(),
  identity: identitySchema,
  state: z.enum(['done', 'failed']),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  samples: counts,
  metrics: numbers,
  intervals: z.record(z.string(), z.tuple([z.number(), z.number()])),
  training: numbers.optional(),
  history: z.array(epochSchema),
  choices: z.array(z.strictObject({ what: z.string(), value: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
  predictions: z
    .strictObject({ file: z.literal('predictions.parquet'), sha256: digest, rows: z.int().min(0) })
    .optional(),
  environment: z.record(z.string(), z.string()).optional(),
  measured: z.strictObject({
    seconds: z.strictObject({ total: seconds, features: seconds, training: seconds, evaluation: seconds }),
    memory: z.number().min(0),
    features: z.strictObject({ computed: z.int().min(0), reused: z.int().min(0) }),
    together: z.int().min(1),
    stack: z.array(z.array(digest)).optional(),
    finished: z.iso.datetime(),
  }),
  digest,
});
