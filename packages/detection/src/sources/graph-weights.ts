import { readFile } from 'node:fs/promises';
import { dispose, io, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/core';
import type { ModelVariable } from '@headstart/core/network';
import { z } from 'zod';

const manifest = z.looseObject({
  weightsManifest: z
    .array(
      z.looseObject({
        weights: z.array(
          z.looseObject({ name: z.string(), shape: z.array(z.number().int().nonnegative()), dtype: z.string() }),
        ),
      }),
    )
    .length(1),
});

/**
 * Puts the constants of a TensorFlow.js graph model with one shard into the variables of the same names
 * and shapes. What else the graph holds (shapes, axes) is passed over.
 *
 * @throws HeadstartError `weights-mismatch`
 */
export async function loadGraphWeights(
  json: string,
  shard: string,
  variables: readonly ModelVariable[],
): Promise<void> {
  const parsed = manifest.safeParse(JSON.parse(await readFile(json, 'utf8')));
  if (!parsed.success)
    throw mismatch(
      `${json} does not describe its weights: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      parsed.error,
    );
  const bytes = await readFile(shard);
  const specs = parsed.data.weightsManifest[0]!.weights as unknown as io.WeightsManifestEntry[];
  const constants = io.decodeWeights(new Uint8Array(bytes).buffer, specs) as Record<string, Tensor>;
  try {
    for (const { name, value } of variables) {
      const constant = constants[name];
      if (!constant) throw mismatch(`${shard} holds no constant "${name}".`);
      if (constant.dtype !== 'float32' || constant.shape.join() !== value.shape.join()) {
        throw mismatch(
          `${shard} holds "${name}" as ${constant.dtype} [${constant.shape.join(', ')}] where float32 [${value.shape.join(', ')}] is needed.`,
        );
      }
    }
    for (const { name, value } of variables) tidy(() => value.assign(constants[name]!.clone()));
  } finally {
    dispose(constants);
  }
}

function mismatch(message: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'weights-mismatch',
    message,
    hint: 'The file belongs to another architecture or version; use the one that the source names.',
    cause,
  });
}
