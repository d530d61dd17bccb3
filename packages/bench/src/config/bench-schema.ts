import { z } from 'zod';
import { parseByteSize } from '@headstart/core/options';

/** An object of just these keys; the issue of another one carries those that are known. */
function keyed<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : 'has to be an object with named values',
  });
}

const text = z.string({ error: 'has to be text' }).min(1, { error: 'has to be text that is not empty' });
const flag = z.boolean({ error: 'has to be true or false' });
const record = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string(), value, { error: 'has to be an object with named values' });
const list = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item, { error: `has to be a list of ${what}` });
const atLeastOne = <Item extends z.ZodType>(item: Item, what: string) =>
  list(item, what).min(1, { error: `has to name at least one: ${what}` });
const whole = (least: number) => {
  const error = `has to be a whole number, ${least} or more`;
  return z.int({ error }).min(least, { error });
};
const positive = z.number({ error: 'has to be a number above 0' }).gt(0, { error: 'has to be a number above 0' });
const share = z
  .number({ error: 'has to be a number between 0 and 1' })
  .gt(0, { error: 'has to be above 0' })
  .lt(1, { error: 'has to be below 1' });

const SPLITS = ['train', 'validation', 'test', 'all'] as const;

/** What is adapted to is read by the reader that fits it; which samples, only a test says. */
const adaptShape = { target: text, name: text.optional() };
const trainShape = {
  ...adaptShape,
  reader: text.optional(),
  readerOptions: record(z.string({ error: 'has to be text' })).optional(),
  skipBad: flag.optional(),
};
const testShape = {
  ...trainShape,
  split: z.enum(SPLITS, { error: `has to be one of ${SPLITS.join(', ')}` }).optional(),
};
const domain = (shape: z.ZodRawShape) => z.union([text, keyed(shape)]);
const strategy = z.union([
  text,
  keyed({ name: text.optional(), strategy: text, options: record(z.unknown()).optional() }),
]);
const shots = z.union([whole(1), z.literal('all', { error: 'has to be a whole number, 1 or more, or "all"' })]);

const patternShape = {
  source: text.optional(),
  train: text.optional(),
  adapt: text.nullable().optional(),
  test: text.optional(),
  strategy: text.optional(),
  shots: shots.optional(),
  seed: whole(0).optional(),
};

const included = keyed({
  source: text,
  train: text,
  adapt: text.nullable().optional(),
  test: text,
  strategy: text,
  shots,
  seed: whole(0),
});

const matrixShape = {
  sources: atLeastOne(text, 'sources'),
  domains: keyed({
    train: atLeastOne(domain(trainShape), 'data sets'),
    adapt: list(z.union([domain(adaptShape), z.null()]), 'data sets').optional(),
    test: atLeastOne(domain(testShape), 'data sets'),
  }),
  strategies: atLeastOne(strategy, 'strategies'),
  shots: atLeastOne(shots, 'numbers, or "all"').optional(),
  seeds: z.union([whole(1), atLeastOne(whole(0), 'whole numbers')]).optional(),
  options: record(z.unknown()).optional(),
  exclude: list(keyed(patternShape), 'patterns').optional(),
  include: list(included, 'cells').optional(),
};

const commonShape = {
  name: text.optional(),
  metric: z.union([text, record(text)]).optional(),
  delta: positive.optional(),
  alpha: share.optional(),
  baseline: text.optional(),
  budget: keyed({
    seconds: positive.optional(),
    cellSeconds: positive.optional(),
    memory: text
      .refine((value) => parseByteSize(value) !== undefined, { error: 'has to be a size such as "4GiB"' })
      .optional(),
  }).optional(),
  workers: whole(1).optional(),
};

/** A configuration of one matrix. */
export const singleSchema = keyed({ ...commonShape, ...matrixShape });

/** A configuration of several. */
export const severalSchema = keyed({ ...commonShape, matrices: atLeastOne(keyed(matrixShape), 'matrices') });

/** Cells by the names of their coordinates, as `--only` has them too. */
export const patternSchema = keyed(patternShape);
