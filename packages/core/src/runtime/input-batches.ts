import type { Sample } from '../domains/target-domain.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Task } from '../tasks/task.ts';
import { cut, lengthOrder, prefetch } from '../data/batches.ts';
import { encodeInputs, type EncodedInputs } from '../data/encode-batch.ts';

/**
 * Inputs that a user named, encoded in batches while the batch before is worked on. Those of one length
 * share batches, so that they need not come in order: `positions` are each batch's places among them.
 *
 * @throws HeadstartError `sample-unreadable`
 */
export async function* inputBatches(
  task: Task,
  encoder: Encoder,
  inputs: readonly string[],
  size: number,
): AsyncGenerator<{
  readonly positions: Uint32Array;
  readonly samples: readonly Sample[];
  readonly batch: EncodedInputs;
}> {
  const parsed: Sample[] | undefined =
    encoder.length && (await Promise.all(inputs.map((input) => task.parseInput(input))));
  const sampleAt = async (position: number) => parsed?.[position] ?? task.parseInput(inputs[position]!);
  const order = lengthOrder(inputs.length, parsed && ((position) => encoder.length!(parsed[position]!)));
  yield* prefetch(cut(order, size), async (positions) => {
    const samples = await Promise.all(Array.from(positions, sampleAt));
    return { positions, samples, batch: await encodeInputs(encoder, samples) };
  });
}
