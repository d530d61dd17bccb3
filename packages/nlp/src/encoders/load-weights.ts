import { assignValues, HeadstartError, type ModelVariable, type StoredTensor } from '@headstart/core';
import { EMBEDDING_NAMES } from './variable-names.ts';

/** What older checkpoints call the weight and bias of a layer norm. */
const OLD_NAMES = [['.weight', '.gamma'], ['.bias', '.beta']] as const;

/**
 * Puts a checkpoint's tensors into the variables of the same names. What stands before them all
 * (`bert.`, `roberta.`, `0.auto_model.`, …) is passed over, and so are tensors that the encoder has no use for,
 * such as poolers and heads. Names and shapes are checked before any value changes.
 *
 * @param from the file, for messages
 * @throws HeadstartError `weights-mismatch`
 */
export async function loadEncoderWeights(tensors: ReadonlyMap<string, StoredTensor>, variables: readonly ModelVariable[], from: string): Promise<void> {
  const words = [...tensors.keys()].find((name) => name.endsWith(EMBEDDING_NAMES.words));
  if (words === undefined) throw mismatch(`${from} holds no tensor "${EMBEDDING_NAMES.words}".`);
  const prefix = words.slice(0, -EMBEDDING_NAMES.words.length);
  const pairs = variables.map((variable) => {
    const { name, value } = variable;
    const stored = [name, ...oldNames(name)].map((known) => tensors.get(prefix + known)).find((found) => found !== undefined);
    if (!stored) throw mismatch(`${from} holds no tensor "${prefix}${name}".`);
    if (stored.shape.join() !== value.shape.join() || !/^B?F\d/.test(stored.dtype)) {
      throw mismatch(`${from} holds "${prefix}${name}" as ${stored.dtype} [${stored.shape.join(', ')}] where floats [${value.shape.join(', ')}] are needed.`);
    }
    return { variable, stored };
  });
  for (const { variable, stored } of pairs) {
    const values = await stored.read();
    assignValues(variable, values instanceof Float32Array ? values : Float32Array.from(values as Float64Array));
  }
}

function oldNames(name: string): string[] {
  return OLD_NAMES.flatMap(([now, old]) => (name.endsWith(`LayerNorm${now}`) ? [name.slice(0, -now.length) + old] : []));
}

function mismatch(message: string): HeadstartError {
  return new HeadstartError({
    code: 'weights-mismatch',
    message,
    hint: 'The weights belong to another architecture than config.json describes; use the files that were published together.',
  });
}
