import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeAtomic, jsonText, readRegular } from '@headstart/artifacts/storage';
import { storageError } from '@headstart/artifacts/errors';
import { HEAD } from '../network/head.ts';
import {
  ADAPTERS_FILE,
  ASSETS_FOLDER,
  CARD_FILE,
  cardText,
  HISTORY_FILE,
  invalidModel,
  parseCard,
  unreadable,
  WEIGHTS_FILE,
  type ModelCard,
  type UnsavedCard,
} from './card-schema.ts';
import { KNOWN_FEATURES } from './known-region.ts';
import { baseDigest, partVariables, type LeftOut } from './left-out.ts';
import type { ModelVariable } from '../network/stage.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { readValueFile, writeValueFile } from '../network/value-file.ts';
import { readValues, type StoredValue } from '../network/variable-values.ts';

/** Bytes of a file of a model that is read whole. */
const LARGEST_PART = 2 ** 31;

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
    await writeAtomic(join(directory, CARD_FILE), cardText(whole));
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
  await checkFile(directory, file, card);
  const { values: weights } = await readValueFile(join(directory, file));
  const onSource = base === undefined ? undefined : { base, scale: own === card.adapters ? own.scale : undefined };
  for (const name of card.assets) if (!onSource) await checkFile(directory, `${ASSETS_FOLDER}/${name}`, card);
  const history = await stat(join(directory, HISTORY_FILE)).catch(() => undefined);
  if (history?.isFile()) await checkFile(directory, HISTORY_FILE, card); // nothing is predicted by it: it may be gone
  return { card, weights, onSource, asset: (name) => checkFile(directory, `${ASSETS_FOLDER}/${name}`, card) };
}

/**
 * Reads a file of a model, held against the digest that the card has of it.
 * @param name its path in the folder, with `/`
 * @throws HeadstartError `model-invalid`
 */
export async function checkFile(directory: string, name: string, card: ModelCard): Promise<Buffer> {
  const bytes = await readPart(directory, name);
  const digest = digestsOf(card)[name];
  if (digest !== undefined) checkDigest(directory, name, bytes, digest);
  return bytes;
}

function digestsOf({ files, weights, adapters }: ModelCard): Readonly<Record<string, string>> {
  return { ...files, [weights.file]: weights.sha256, ...(adapters && { [adapters.file]: adapters.sha256 }) };
}

/** @throws HeadstartError `model-invalid` */
function checkDigest(directory: string, name: string, bytes: Buffer, digest: string): void {
  if (sha256(bytes) !== digest) throw invalidModel(directory, name, 'does not have the digest that model.json names');
}

async function readPart(directory: string, name: string): Promise<Buffer> {
  try {
    return await readRegular(join(directory, name), LARGEST_PART);
  } catch (error) {
    throw unreadable(directory, name, error);
  }
}
