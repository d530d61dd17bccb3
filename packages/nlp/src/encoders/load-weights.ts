import { assignValues, type ModelVariable } from '@headstart/core/network';
import { HeadstartError } from '@headstart/core';
import type { StoredTensor } from '@headstart/core/formats';
import { checkpointForm, transpose } from './layers/kernel-layout.ts';
import { EMBEDDING_NAMES } from './variable-names.ts';

/** What older checkpoints call the weight and bias of a layer norm. */
const OLD_NAMES = [
  ['.weight', '.gamma'],
  ['.bias', '.beta'],
] as const;

/**
 * Puts a checkpoint's tensors into the variables of the same names, transposed where those are held so (`linear`). What stands before them all
 * (`bert.`, `roberta.`, `0.auto_model.`, …) is passed over, and so are tensors that the encoder has no use for,
 * such as poolers and heads. Names and shapes are checked before any value changes.
 *
 * @param from the file, for messages
 * @throws HeadstartError `weights-mismatch`
 */
export async function loadEncoderWeights(
  tensors: ReadonlyMap<string, StoredTensor>,
  variables: readonly ModelVariable[],
  from: string,
): Promise<void> {
  const words = [...tensors.keys()].find((name) => name.endsWith(EMBEDDING_NAMES.words));
  if (words === undefined) throw mismatch(`${from} holds no tensor "${EMBEDDING_NAMES.words}".`);
  const prefix = words.slice(0, -EMBEDDING_NAMES.words.length);
  const pairs = variables.map((variable) => {
    const { name, transposed } = checkpointForm(variable.name);
    const shape = transposed ? variable.value.shape.toReversed() : variable.value.shape;
    const stored = [name, ...oldNames(name)]
      .map((known) => tensors.get(prefix + known))
      .find((found) => found !== undefined);
    if (!stored) throw mismatch(`${from} holds no tensor "${prefix}${name}".`);
    if (stored.shape.join() !== shape.join() || !/^B?F\d/.test(stored.dtype)) {
      throw mismatch(
        `${from} holds "${prefix}${name}" as ${stored.dtype} [${stored.shape.join(', ')}] where floats [${shape.join(', ')}] are needed.`,
      );
    }
    return { variable, stored, transposed };
  });
  for (const { variable, stored, transposed } of pairs) {
    const read = await stored.read();
    const values = read instanceof Float32Array ? read : Float32Array.from(read as Float64Array);
    assignValues(variable, transposed ? transpose(values, stored.shape[0]!) : values);
  }
}

function oldNames(name: string): string[] {
  return OLD_NAMES.flatMap(([now, old]) =>
    name.endsWith(`LayerNorm${now}`) ? [name.slice(0, -now.length) + old] : [],
  );
}

function mismatch(message: string): HeadstartError {
  return new HeadstartError({
    code: 'weights-mismatch',
    message,
    hint: 'The weights belong to another architecture than config.json describes; use the files that were published together.',
  });
}
