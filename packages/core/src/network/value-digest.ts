import { createHash } from 'node:crypto';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { inPieces } from '../scheduling/turns.ts';

/** SHA-256 over the names, shapes and values of tensors, in their order. */
export async function valueDigest(tensors: Iterable<readonly [name: string, tensor: Tensor]>): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, tensor] of tensors) {
    hash.update(`${name}:${tensor.shape.join('x')};`);
    const values = await tensor.data<'float32'>();
    for await (const { piece } of inPieces(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)))
      hash.update(piece);
  }
  return hash.digest('hex');
}

/**
 * Holds what was trained on a source's values against those that the source has now.
 * @param what was trained, such as `adapters`
 * @param from the folder that holds it
 * @throws HeadstartError `weights-mismatch`
 */
export function checkTrainedOn(
  digests: { readonly trained: string; readonly now: string },
  { what, from }: { readonly what: string; readonly from: string },
): void {
  if (digests.trained === digests.now) return;
  throw new HeadstartError({
    code: 'weights-mismatch',
    message: `The ${what} in ${from} were trained on other weights than the source has now.`,
    hint: 'Use the version of the plugin that has the source as it was then, or train again; --standalone saves every weight with the model.',
  });
}
