import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import {
  writeAtomic,
  entryPath,
  isWhole,
  jsonText,
  numberOfName,
  readRegular,
  sealed,
} from '@headstart/artifacts/storage';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import { CLEANINGS } from '../options/cleanings.ts';
import { HEAD } from '../network/head.ts';
import { KNOWN_FEATURES } from './known-region.ts';
import { baseDigest, partVariables, type LeftOut } from './left-out.ts';
import type { ModelVariable } from '../network/stage.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { readValueFile, writeValueFile } from '../network/value-file.ts';
import { readValues, type StoredValue } from '../network/variable-values.ts';

export const CARD_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.safetensors';
export const HISTORY_FILE = 'history.jsonl';
/** Low-rank adapters with the head: with the card, a model on its own where the source is to be found. */
export const ADAPTERS_FILE = 'adapters.safetensors';
/** Bytes of a file of a model that is read whole. */
const LARGEST_PART = 2 ** 31;
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
  seed: z.number().int(),
  training: z.looseObject({
    split: z.tuple([z.number(), z.number(), z.number()]),
    shots: z.number().nullable(),
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
      of: z.enum(['validation', 'train']),
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

export interface SaveOptions {
  /** Leaves out values that the source which the card names has as it was published: of the whole backbone, or of its fixed variables. */
  readonly leftOut?: LeftOut;
  /** Features of training samples, kept beside the weights. */
  readonly known?: StoredValue;
}

/**
 * Writes a model's folder; adapters, where there are any, also by themselves. Every file is replaced as a whole and the card comes last: a folder
 * with a card is a whole model.
 *
 * @throws HeadstartError `storage-*`
 */
export async function saveModel(
  directory: string,
  model: TransferModel,
  card: UnsavedCard,
  history: readonly object[],
  { leftOut, known }: SaveOptions = {},
): Promise<void> {
  const parts = partVariables(
    model,
    (_name, { role }) => leftOut === 'backbone' || (leftOut === 'fixed' && role === 'fixed'),
  );
  const onSource = parts.leftOut.length > 0;
  const assets = onSource ? [] : Object.entries(model.backbone.assets ?? {});
  const written = [...assets.map(([name]) => join(ASSETS_FOLDER, name)), WEIGHTS_FILE, ADAPTERS_FILE, HISTORY_FILE].map(
    (name) => join(directory, name),
  );
  try {
    for (const [name, bytes] of assets) await writeAtomic(join(directory, ASSETS_FOLDER, name), bytes);
    const values = await readValues(parts.saved);
    if (known) values.set(KNOWN_FEATURES, known);
    const weights = join(directory, WEIGHTS_FILE);
    await writeValueFile(weights, { metadata: {}, values });
    const lines = history.map((epoch) => `${jsonText(epoch)}\n`).join('');
    await writeAtomic(join(directory, HISTORY_FILE), lines);
    const files: Record<string, string> = { [HISTORY_FILE]: sha256(lines) };
    for (const [name, bytes] of assets) files[`${ASSETS_FOLDER}/${name}`] = sha256(bytes);
    const adapters = await saveAdapters(directory, model);
    const whole: ModelCard = {
      format: 'headstart-model',
      version: 1,
      ...card,
      assets: assets.map(([name]) => name),
      files,
      weights: {
        file: WEIGHTS_FILE,
        sha256: sha256(await readFile(weights)),
        ...(onSource && { base: await baseDigest(parts.leftOut) }),
      },
      ...(adapters && { adapters }),
    };
    await writeAtomic(join(directory, CARD_FILE), sealed(jsonText(whole, 2)));
  } catch (error) {
    if (!existsSync(join(directory, CARD_FILE))) await discard(directory, written).catch(() => {});
    throw storageError('save the model in', directory, error);
  }
}

/** The factors and the head, which is not the source's. */
async function saveAdapters(directory: string, { adapters, head }: TransferModel): Promise<ModelCard['adapters']> {
  if (!adapters) return undefined;
  const path = join(directory, ADAPTERS_FILE);
  const own = head.variables.map((variable) => [`${HEAD}/${variable.name}`, variable] as [string, ModelVariable]);
  await writeValueFile(path, {
    metadata: { scale: String(adapters.scale) },
    values: await readValues([...adapters.variables(), ...own]),
  });
  return {
    file: ADAPTERS_FILE,
    sha256: sha256(await readFile(path)),
    scale: adapters.scale,
    base: await adapters.baseDigest(),
  };
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Takes away the parts of a model that was not finished. */
async function discard(directory: string, files: readonly string[]): Promise<void> {
  for (const path of files) await rm(path, { force: true });
  const folders = new Set(files.map(dirname));
  for (const folder of [...folders, join(directory, ASSETS_FOLDER)]) {
    for (let empty = folder; empty !== directory; empty = dirname(empty)) await rmdir(empty).catch(() => {});
  }
}

/** A model's card and weights, checked against one another. */
export interface SavedModel {
  readonly card: ModelCard;
  readonly weights: ReadonlyMap<string, StoredValue>;
  /** Where the weights are not all of the model's: what the source's published ones are to be, and how adapters among them count. */
  readonly onSource?: { readonly base: string; readonly scale?: number };
  /** Reads one of the files that the backbone needs to be built. */
  asset(name: string): Promise<Uint8Array>;
}

/**
 * Reads the weights, or the adapters where the folder has these alone.
 * @throws HeadstartError `model-invalid` naming the file that is missing or damaged
 */
export async function readModel(directory: string): Promise<SavedModel> {
  const card = parseCard(directory, await readPart(directory, CARD_FILE));
  const own = card.adapters && !existsSync(join(directory, WEIGHTS_FILE)) ? card.adapters : card.weights;
  const { file, base } = own;
  const bytes = await readPart(directory, file);
  checkDigest(directory, file, bytes, own.sha256);
  const { values: weights } = await readValueFile(join(directory, file));
  const onSource = base === undefined ? undefined : { base, scale: own === card.adapters ? own.scale : undefined };
  for (const name of card.assets) if (!onSource) await checkFile(directory, `${ASSETS_FOLDER}/${name}`, card);
  const history = await stat(join(directory, HISTORY_FILE)).catch(() => undefined);
  if (history?.isFile()) await checkFile(directory, HISTORY_FILE, card); // nothing is predicted by it: it may be gone
  return { card, weights, onSource, asset: (name) => readPart(directory, join(ASSETS_FOLDER, name)) };
}

/** Holds a file against the digest that the card has of it. @throws HeadstartError `model-invalid` */
async function checkFile(directory: string, name: string, { files }: ModelCard): Promise<void> {
  const bytes = await readPart(directory, name);
  const digest = files?.[name];
  if (digest !== undefined) checkDigest(directory, name, bytes, digest);
}

/** @throws HeadstartError `model-invalid` */
function checkDigest(directory: string, name: string, bytes: Buffer, digest: string): void {
  if (sha256(bytes) !== digest) throw invalid(directory, name, 'does not have the digest that model.json names');
}

async function readPart(directory: string, name: string): Promise<Buffer> {
  try {
    return await readRegular(join(directory, name), LARGEST_PART);
  } catch (error) {
    throw unreadable(directory, name, error);
  }
}

/** The error for a file of a model's folder that could not be read. */
export function unreadable(directory: string, name: string, error: unknown): HeadstartError {
  if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
    return invalid(directory, name, 'is missing', error);
  return storageError('read', join(directory, name), error);
}

/** @throws HeadstartError `model-invalid` */
export function parseCard(directory: string, bytes: Buffer): ModelCard {
  const text = bytes.toString('utf8');
  if (!isWhole(text))
    throw invalid(directory, CARD_FILE, 'was damaged or changed: its checksum is not that of what it says');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(directory, CARD_FILE, 'is not JSON', error);
  }
  const parsed = modelCardSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid(directory, CARD_FILE, `does not describe a model (${firstIssue(parsed.error)})`, parsed.error);
}

/** One line: that of the first thing that does not fit. */
function firstIssue({ issues }: z.ZodError): string {
  const [{ path, message }, ...more] = issues as [z.core.$ZodIssue, ...z.core.$ZodIssue[]];
  return `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}${more.length > 0 ? `, and ${more.length} more` : ''}`;
}

function invalid(directory: string, file: string, why: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'model-invalid',
    message: `${directory} is not a whole model: ${file} ${why}.`,
    hint: 'Name the folder that "headstart train" printed, or train the model again.',
    cause,
  });
}
