import { z } from 'zod';

/*
 * The shapes of what plugins hand over, as far as can be seen without calling anything. A member that no schema
 * names is the plugin's own business.
 */

/** A function, which is called elsewhere. */
export const callable = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'a function is missing',
);
const name = z.string().min(1);
const wholeNumber = z.number().int().min(1);

/** Lower-case words of letters and digits, joined by `-` or `.`. */
export const kebabCase = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;
const identifier = /^[A-Za-z][A-Za-z0-9@._-]*$/;

/** An id that stands in commands, before a colon and in the names of folders. */
const id = z.string().regex(kebabCase, 'an id is in kebab-case: lower-case letters, digits, "-" and "."');

const usualTraining = z.object({
  epochs: wholeNumber,
  batchSize: wholeNumber,
  steps: wholeNumber.optional(),
  mostEpochs: wholeNumber.optional(),
});

const tensorSpecs = z.record(
  z.string(),
  z.object({
    shape: z.array(z.number().int().min(0)),
    dtype: z.enum(['float32', 'int32']),
    below: z.number().optional(),
  }),
);

const card = z.object({ title: name, description: name, trainedOn: name, licence: name, files: z.array(z.unknown()) });
export const sourceContract = z.object({ id: name, modality: name, card, open: callable });

const monitor = z.object({ metric: name, mode: z.enum(['max', 'min']) });
export const taskContract = z.object({
  id: name,
  modality: name,
  description: name,
  defaults: z.object({ source: name, strategy: name, augmentation: name }),
  augmentations: z.array(name),
  monitor,
  balancedMonitor: monitor.optional(),
  weighsClasses: z.enum(['one', 'several']).optional(),
  check: callable,
  encoder: callable,
  buildHead: callable,
  loss: callable,
  evaluator: callable,
  decode: callable,
  parseInput: callable,
  describe: callable,
});

export const strategyContract = z.object({
  id: name,
  description: name,
  start: z.enum(['source', 'random']),
  defaults: usualTraining,
  bottleneck: z
    .object({
      width: z.int().min(1),
      dropout: z.number().min(0).lt(1),
      earlier: z.int().min(0).optional(),
      refusesFewer: z.boolean().optional(),
    })
    .optional(),
  plan: callable,
});

const data = { id, modality: name, description: name, task: name };

/** What may be added, by the word for it in messages. */
export const addedContracts = {
  source: sourceContract.extend({ id }),
  'source scheme': z.object({ scheme: id, modality: name.optional(), description: name, resolve: callable }),
  reader: z.object({ ...data, detect: callable, read: callable }),
  'data set': z.object({ ...data, licence: name, load: callable }),
  task: taskContract.extend({ id }),
  strategy: strategyContract.extend({ id }),
  metric: z.object({
    id: z.string().regex(identifier, 'an id is one word of letters and digits, such as macroF1'),
    kind: name,
    description: name,
    compute: callable,
  }),
  'export format': z.object({ format: id, modality: name.optional(), description: name, write: callable }),
} as const;

export type AddedKind = keyof typeof addedContracts;

const variable = z.object({
  name,
  value: z.custom((value) => typeof value === 'object' && value !== null && 'shape' in value, 'a variable is missing'),
  role: z.enum(['weight', 'statistic', 'fixed']),
  decay: z.boolean(),
});
const stage = z.object({ name, variables: z.array(variable), forward: callable, initialise: callable });
export const headContract = stage;

export const backboneContract = z.object({
  architecture: name,
  input: z.object({ tensors: tensorSpecs }),
  stages: z.array(stage).min(1, 'there is no stage'),
  features: z
    .array(
      z.object({
        name,
        stage: name,
        tensor: name,
        shape: z.array(z.number().int().min(1)),
        kind: z.enum(['vector', 'map', 'sequence']),
      }),
    )
    .min(1, 'there is no feature to put a head on'),
  dispose: callable,
});

export const encoderContract = z.object({
  key: name,
  inputs: tensorSpecs,
  targets: tensorSpecs,
  rows: wholeNumber.optional(),
  encode: callable,
  target: callable,
});

const part = z.looseObject({ kind: name });
const besidePage = z
  .string()
  .regex(
    /^(?!\.{0,2}(\/|$))(?!.*\/\.{0,2}(\/|$))[^\\]+$/,
    'files lie beside the page or deeper: names such as tokens.js',
  )
  .refine((file) => !PAGE_FILES.has(file), 'a file has the name of one that every page has');
const PAGE_FILES = new Set(['headstart.json', 'predict.js', 'predict.d.ts', 'index.html', 'README.md', 'model.json']);
export const pageContract = z.union([
  z.object({ unavailable: name }),
  z.object({
    accepts: z.enum(['picture', 'text', 'text-pair', 'file']),
    input: part,
    output: part.extend({ tensors: z.array(name).min(1, 'no output of the network is wanted') }),
    files: z.array(z.tuple([besidePage, z.union([z.string(), z.instanceof(Uint8Array)])])).optional(),
  }),
]);

export const evaluatorContract = z.object({ add: callable, report: callable });
export const reportContract = z.object({ values: z.record(z.string(), z.unknown()) });
export const budgetContract = usualTraining.optional();

export const targetContract = z.object({
  id: z.string(),
  modality: name,
  reader: name,
  labels: z.array(z.string()),
  samples: z.array(z.unknown()),
  skipped: z.array(z.unknown()),
});

const rate = z.number().finite().min(0);
const derivedTargets = z.object({
  specs: callable,
  derive: callable,
  epochs: z.array(z.number().int().min(0)).min(1).optional(),
});
export const phasesContract = z
  .array(
    z
      .object({
        name,
        epochs: wholeNumber,
        trainable: z.record(z.string(), rate),
        optimiser: z.object({
          kind: z.enum(['adamw', 'sgd']),
          learningRate: rate,
          weightDecay: rate,
          clipNorm: z.number().positive().optional(),
        }),
        schedule: z.object({ warmup: z.number().min(0).max(1), decay: z.enum(['cosine', 'constant']) }),
        batchStatistics: z.union([z.boolean(), z.array(name)]),
        labelSmoothing: z.number().min(0).lt(1).optional(),
        derived: derivedTargets.optional(),
      })
      .refine(
        ({ epochs, derived: { epochs: starts = [] } = {} }) =>
          starts.every((start, i) => start < epochs && start > (starts[i - 1] ?? -1)),
        {
          path: ['derived', 'epochs'],
          error: 'they are to rise, and to be epochs of the phase, from 0',
        },
      ),
  )
  .min(1, 'there is no phase');
