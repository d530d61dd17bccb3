import { join } from 'node:path';
import { z } from 'zod';
import { entryPath, isWhole, jsonText, numberOfName, sealed } from '@headstart/artifacts/storage';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import { CLEANINGS } from '../options/cleanings.ts';

export const CARD_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.safetensors';
export const HISTORY_FILE = 'history.jsonl';
/** Low-rank adapters with the head: with the card, a model on its own where the source is to be found. */
export const ADAPTERS_FILE = 'adapters.safetensors';
/** Where the files lie that the backbone is built from. */
export const ASSETS_FOLDER = 'source';

const calibrationError = z.object({ ece: z.number(), nll: z.number() });

const pair = z.tuple([z.number(), z.number()]).readonly();

/** What cross-validation found before the model was trained. */
export const crossValidationSchema = z.object({
  folds: z.number().int(),
  repeats: z.number().int(),
  metrics: z.record(
    z.string(),
    z.object({
      mean: z.number(),
      deviation: z.number(),
      interval: pair.optional(),
      values: z.array(z.number()).readonly(),
    }),
  ),
});

/** A metric, by name where it is no number that JSON has; null in cards that were written before. */
const metric = z.preprocess((value) => (value === null ? NaN : numberOfName(value)), z.number().or(z.nan()));

/** What `model.json` says: all that is needed to build the model again, and where it comes from. */
export const modelCardSchema = z.object({
  format: z.literal('headstart-model'),
  version: z.literal(1),
  task: z.string(),
  labels: z.array(z.string()),
  /**
   * Where labels were renamed or merged since: those that the head was trained on, and for each the place among `labels`
   * of the one that it is now.
   */
  relabelled: z.object({ labels: z.array(z.string()), places: z.array(z.int().min(0)) }).optional(),
  /** The retained classes: labels kept of the source beside those that were learned. The key is that of models saved before. */
  kept: z.array(z.string()).optional(),
  /** `origin`: the source that has the architecture, where the source is another model. */
  source: z.object({ id: z.string(), origin: z.string().optional(), architecture: z.string(), licence: z.string() }),
  /** `clean`: what was mended in the data before they were split. */
  target: z.object({
    id: z.string(),
    reader: z.string().optional(),
    fingerprint: z.string(),
    /** The fingerprint of the labelled data alone, where there were unlabelled ones beside them. */
    labelled: z.string().optional(),
    clean: z.array(z.enum(CLEANINGS)).readonly().optional(),
  }),
  strategy: z.string(),
  /** The stage between backbone and head, where there is one. */
  bottleneck: z
    .object({
      width: z.int().min(1),
      dropout: z.number().min(0).lt(1),
      /** Earlier features that join the last one. */
      joined: z.array(z.string()).min(1).readonly().optional(),
    })
    .optional(),
  seed: z.number().int(),
  training: z.looseObject({
    split: z.tuple([z.number(), z.number(), z.number()]),
    shots: z.number().nullable(),
    /** What told the groups that were kept together. Older cards have neither. */
    groupColumn: z.string().nullish(),
    groupBy: z.string().nullish(),
    /** What was trained, one after another: none of a source as it was published. */
    phases: z.array(z.looseObject({ trainable: z.record(z.string(), z.number()) })).optional(),
  }),
  metrics: z.record(z.string(), z.record(z.string(), metric)),
  crossValidation: crossValidationSchema.optional(),
  /** How far samples like those of training lie from those whose features stand beside the weights. */
  known: z
    .object({
      neighbour: z.number().int().min(1),
      p95: z.number(),
      p99: z.number(),
      of: z.enum(['validation', 'train', 'unlabelled']),
      samples: z.number().int(),
    })
    .optional(),
  /** The temperature that the logits have been divided by. */
  calibration: z
    .object({
      method: z.literal('temperature'),
      temperature: z.number(),
      samples: z.number(),
      splits: z.record(z.string(), z.object({ before: calibrationError, after: calibrationError })),
    })
    .optional(),
  /** How probabilities become answers, where not by the task's own rule. */
  decision: z
    .object({ thresholds: z.record(z.string(), z.number()).optional(), abstainBelow: z.number().optional() })
    .optional(),
  backend: z.record(z.string(), z.string()),
  /** SHA-256 of every other file of the folder, by its path in it. Older cards have none. */
  files: z.record(z.string(), z.string()).optional(),
  assets: z.array(z.string().refine((name) => entryPath(name).ok, 'the name leads out of its folder')),
  /** `base`: SHA-256 of the source's published values that the file leaves out, where it leaves some out. */
  weights: z.object({ file: z.literal(WEIGHTS_FILE), sha256: z.string(), base: z.string().optional() }),
  adapters: z
    .object({ file: z.literal(ADAPTERS_FILE), sha256: z.string(), scale: z.number(), base: z.string() })
    .optional(),
  headstart: z.string(),
  /**
   * Where the parts come from: SHA-256 of the source's values as they were opened (null where training began with random
   * ones), the files that the source was opened from, and the plugin that brought each part, with its version. Older cards have none.
   */
  provenance: z
    .object({
      sourceWeights: z.string().nullable(),
      sourceFiles: z.array(z.object({ uri: z.string(), sha256: z.string() })).optional(),
      plugins: z.record(z.string(), z.object({ plugin: z.string(), version: z.string() })),
    })
    .optional(),
});

export type ModelCard = z.infer<typeof modelCardSchema>;

/** What a caller knows of a model before it is saved. */
export type UnsavedCard = Omit<ModelCard, 'format' | 'version' | 'weights' | 'assets' | 'files' | 'adapters'>;

/** The error for a file of a model's folder that could not be read. */
export function unreadable(directory: string, name: string, error: unknown): HeadstartError {
  if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
    return invalidModel(directory, name, 'is missing', error);
  return storageError('read', join(directory, name), error);
}

/** A card as its file holds it: with a checksum, by which `parseCard` knows whether it is whole. */
export function cardText(card: ModelCard): string {
  return sealed(jsonText(card, 2));
}

/** @throws HeadstartError `model-invalid` */
export function parseCard(directory: string, bytes: Buffer): ModelCard {
  const text = bytes.toString('utf8');
  if (!isWhole(text))
    throw invalidModel(directory, CARD_FILE, 'was damaged or changed: its checksum is not that of what it says');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalidModel(directory, CARD_FILE, 'is not JSON', error);
  }
  const parsed = modelCardSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalidModel(directory, CARD_FILE, `does not describe a model (${firstIssue(parsed.error)})`, parsed.error);
}

/** One line: that of the first thing that does not fit. */
function firstIssue({ issues }: z.ZodError): string {
  const [{ path, message }, ...more] = issues as [z.core.$ZodIssue, ...z.core.$ZodIssue[]];
  return `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}${more.length > 0 ? `, and ${more.length} more` : ''}`;
}

/** @returns `model-invalid` */
export function invalidModel(directory: string, file: string, why: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'model-invalid',
    message: `${directory} is not a whole model: ${file} ${why}.`,
    hint: 'Name the folder that "headstart train" printed, or train the model again.',
    cause,
  });
}
