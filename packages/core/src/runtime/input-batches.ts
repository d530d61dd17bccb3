import { HeadstartError } from '@headstart/artifacts/errors';
import { nameInputs, type ModelInput } from '../domains/model-input.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Task } from '../tasks/task.ts';
import { cut, lengthOrder, prefetch } from '../data/batches.ts';
import { encodeInputs, type EncodedInputs } from '../data/encode-batch.ts';

/**
 * Inputs that a user named, encoded in batches while the batch before is worked on. Those of one length
 * share batches, so that they need not come in order: `positions` are each batch's places among them.
 *
 * @throws HeadstartError `sample-unreadable`; `invalid-option` for a size that is not a whole number above 0, and for what is not an input
 */
export async function* inputBatches(
  task: Task,
  encoder: Encoder,
  inputs: readonly ModelInput[],
  size: number,
): AsyncGenerator<{
  readonly positions: Uint32Array;
  readonly samples: readonly Sample[];
  readonly batch: EncodedInputs;
}> {
  checkBatchSize(size);
  const named = nameInputs(inputs);
  const parse = (position: number) => task.parseInput(named[position]!.content, named[position]!.name);
  const parsed: Sample[] | undefined = encoder.length && (await Promise.all(named.map((_, i) => parse(i))));
  const sampleAt = async (position: number) => parsed?.[position] ?? parse(position);
  const order = lengthOrder(inputs.length, parsed && ((position) => encoder.length!(parsed[position]!)));
  yield* prefetch(cut(order, size), async (positions) => {
    const samples = await Promise.all(Array.from(positions, sampleAt));
    return { positions, samples, batch: await encodeInputs(encoder, samples) };
  });
}

/** @throws HeadstartError `invalid-option` */
export function checkBatchSize(size: number): void {
  if (Number.isInteger(size) && size > 0) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The option "batchSize" cannot be ${size}: a batch has a whole number of inputs, one at least.`,
    hint: 'Correct the option, or leave it out.',
  });
}
