import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonText } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/artifacts/errors';
import { SEAL, UNSEALED } from '../formats/safetensors-seal.ts';
import { readValueFile, writeValueFile } from '../network/value-file.ts';
import type { StoredValue } from '../network/variable-values.ts';
import type { EpochInfo } from '../runs/events.ts';
import type { RunState } from './run-state.ts';

const FILE = 'checkpoint.safetensors';

const count = z.number().int().min(0);

const runStateSchema = z.object({
  phase: count,
  epoch: count,
  step: count,
  lossSum: z.number(),
  firstLoss: z.number().nullable().default(null),
  history: z.array(z.looseObject({ phase: z.string(), seconds: z.number() })),
  answers: z.array(z.array(count)).default([]),
  learningRate: z.number().nullable(),
  chosen: z.array(
    z.object({
      phase: z.string(),
      epoch: count,
      of: count,
      by: z.enum(['metric', 'loss', 'later', 'criterion', 'last']),
      why: z.string(),
    }),
  ),
  seconds: z.object({ features: z.number(), training: z.number(), evaluation: z.number() }),
});

/** A run's state with all tensors that differ from what the source and the seed give. */
export interface Checkpoint {
  readonly state: RunState;
  /** `model/…`, `optimiser/…`, `loss-scale/…`, `average/…`, `best/…`, `derived/…`. */
  readonly tensors: ReadonlyMap<string, StoredValue>;
}

/** One file, replaced as a whole: an interruption leaves the previous checkpoint or the new one. */
export async function writeCheckpoint(directory: string, { state, tensors }: Checkpoint): Promise<string> {
  const path = join(directory, FILE);
  await writeValueFile(path, { metadata: { state: jsonText(state), [SEAL]: UNSEALED }, values: tensors });
  return path;
}

/** @throws HeadstartError `checkpoint-invalid` */
export async function readCheckpoint(directory: string): Promise<Checkpoint | undefined> {
  if (!hasCheckpoint(directory)) return undefined;
  const path = join(directory, FILE);
  const { metadata, values } = await readValueFile(path).catch((error: unknown) => {
    throw unusable(error);
  });
  if (metadata[SEAL] === undefined) throw notACheckpoint(path, 'it has no checksum');
  return { state: parseState(path, metadata.state), tensors: values };
}

/** A damaged checkpoint's error, with what is left to do. */
function unusable(error: unknown): unknown {
  if (!HeadstartError.is(error) || !['checkpoint-invalid', 'not-finite'].includes(error.code)) return error;
  const { message } = error;
  const hint = 'Delete the file to start the run again from its beginning, and check the disk that it lies on.';
  return new HeadstartError({ code: 'checkpoint-invalid', message, hint, cause: error });
}

function parseState(path: string, text: string | undefined): RunState {
  try {
    const state = runStateSchema.parse(JSON.parse(text ?? ''));
    return { ...state, history: state.history as unknown as EpochInfo[] };
  } catch (cause) {
    throw notACheckpoint(path, text === undefined ? 'it has no state' : 'its state cannot be read', cause);
  }
}

function notACheckpoint(path: string, why: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'checkpoint-invalid',
    message: `${path} is not a checkpoint of a run: ${why}.`,
    hint: 'Delete the file to start the run again.',
    cause,
  });
}

export function hasCheckpoint(directory: string): boolean {
  return existsSync(join(directory, FILE));
}

export async function removeCheckpoint(directory: string): Promise<void> {
  await rm(join(directory, FILE), { force: true });
}

/** The entries under a prefix, with the prefix taken off. */
export function under(tensors: ReadonlyMap<string, StoredValue>, prefix: string): Map<string, StoredValue> {
  const found = new Map<string, StoredValue>();
  for (const [name, value] of tensors) if (name.startsWith(prefix)) found.set(name.slice(prefix.length), value);
  return found;
}

/** Entries with a prefix put before their names. */
export function* prefixed(prefix: string, values: Iterable<[string, StoredValue]>): Generator<[string, StoredValue]> {
  for (const [name, value] of values) yield [prefix + name, value];
}
