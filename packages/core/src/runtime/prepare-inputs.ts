import { stat } from 'node:fs/promises';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Encoder } from '../data/encoder.ts';
import { nameInput, type ModelInput } from '../domains/model-input.ts';
import type { Sample } from '../domains/target-domain.ts';
import { cut, lengthOrder, prefetch } from '../data/batches.ts';
import type { Task } from '../tasks/task.ts';
import type { EncodingQueue } from './encoding-queue.ts';
import { fetchInput } from './fetch-input.ts';
import type { PreparedInput } from './headstart.ts';

/** Samples that are to be encoded: as many as `length`, each read when it is asked for. */
export interface SamplesToPrepare {
  readonly length: number;
  readonly sample: (position: number) => Promise<Sample>;
}

/** Some of the inputs, and their places among all. */
export interface PreparedBatch {
  readonly positions: readonly number[];
  readonly inputs: readonly PreparedInput[];
}

/** Inputs whose reading is asked for at a time, where all are read before the first is encoded. */
const READ_TOGETHER = 256;

export interface PrepareOptions {
  /** Inputs of a batch. */
  readonly size: number;
  readonly queue: EncodingQueue;
  /** Told of an input that cannot be read, which is then in no batch; without it such an input ends all. */
  readonly failed?: (position: number, error: HeadstartError) => void;
}

/** What a model is asked about, to be read as its task reads it. */
export function samplesOfInputs(task: Task, inputs: readonly ModelInput[], allowHttp: boolean): SamplesToPrepare {
  return {
    length: inputs.length,
    sample: async (position) => {
      const input = inputs[position]!;
      if (task.modality === 'text' && typeof input === 'string') await refuseFileName(input);
      return sampleOf(task, input, { place: `input ${position + 1}`, allowHttp });
    },
  };
}

/** What reads like the name of a file. */
const FILE_NAME = /^\S{1,1000}\.\w{1,6}$/;

/** @throws HeadstartError `invalid-option` for a text that is the path of a file here: its contents will have been meant */
async function refuseFileName(text: string): Promise<void> {
  if (!FILE_NAME.test(text) || !(await isFile(text))) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${text} is a file, and the model takes texts: a string is the text itself.`,
    hint: 'Give its contents, or its address: pathToFileURL(path) of node:url.',
  });
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

export interface InputReading {
  /** What messages call an input that has no name of its own. */
  readonly place: string;
  /** What they call it in any case. */
  readonly name?: string;
  readonly allowHttp: boolean;
}

/** One input as its task reads it. @throws HeadstartError `sample-unreadable`, `invalid-option` */
export async function sampleOf(
  task: Task,
  input: ModelInput,
  { place, name, allowHttp }: InputReading,
): Promise<Sample> {
  const named = nameInput(input, name ?? place);
  const content = await fetchInput(named, allowHttp);
  return task.parseInput(content, name ?? named.name);
}

/**
 * Encodes samples in batches while the batch before is worked on. Those of one length share batches, so that they need not
 * come in order.
 * @throws HeadstartError `sample-unreadable`, `invalid-option` where nobody is told of them
 */
export async function* prepareInputs(
  encoder: Encoder,
  { length: count, sample }: SamplesToPrepare,
  { size, queue, failed }: PrepareOptions,
): AsyncGenerator<PreparedBatch> {
  const attempt = async <T>(position: number, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await queue.run(work);
    } catch (error) {
      if (!failed || !HeadstartError.is(error)) throw error;
      failed(position, error);
      return undefined;
    }
  };
  const all = Uint32Array.from({ length: count }, (_, position) => position);
  const parsed = new Map<number, Sample>();
  const lengths = new Float64Array(count);
  const read = (position: number) =>
    attempt(position, async () => {
      const one = await sample(position);
      lengths[position] = encoder.length!(one);
      parsed.set(position, one);
    });
  // A long list is not all under way at once: the queue has a place for few.
  if (encoder.length) for (const some of cut(all, READ_TOGETHER)) await inOrder(some, read);
  const places = encoder.length ? all.filter((position) => parsed.has(position)) : all;
  const order = lengthOrder(places.length, encoder.length && ((place) => lengths[places[place]!]!));
  yield* prefetch(cut(order, size), async (batch) => {
    const positions = Array.from(batch, (place) => places[place]!);
    const encode = async (position: number): Promise<PreparedInput> => {
      const found = parsed.get(position) ?? (await sample(position));
      return { sample: found, encoded: await encoder.encode(found, { kind: 'plain' }) };
    };
    const prepared = await inOrder(positions, (position) => attempt(position, () => encode(position)));
    const whole = positions.flatMap((position, i) => (prepared[i] ? [{ position, input: prepared[i] }] : []));
    return { positions: whole.map(({ position }) => position), inputs: whole.map(({ input }) => input) };
  });
}

/** Results in the order of the items, once all have ended; of errors the first item's. */
async function inOrder<Item, Result>(items: Iterable<Item>, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const settled = await Promise.allSettled(Array.from(items, work));
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
