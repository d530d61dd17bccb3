import { tensor, tidy, transpose } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/core';
import { readTorchCheckpoint } from '@headstart/core/formats';
import type { ModelVariable } from '@headstart/core/network';

/** A tensor of a checkpoint, read when asked for. */
export interface CheckpointTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Row-major. */
  read(): Promise<ArrayLike<unknown>>;
}

/** Counters that PyTorch's batch norm keeps and nothing computes with. */
const COUNTER = /\.num_batches_tracked$/;

/**
 * Loads a PyTorch checkpoint into the variables of the same names.
 * @throws HeadstartError `checkpoint-*`, `weights-mismatch`
 */
export async function loadTorchWeights(path: string, variables: readonly ModelVariable[]): Promise<void> {
  await assignTorchWeights(await readTorchCheckpoint(path), variables, path);
}

/**
 * Puts each tensor into the variable of its name, kernels transposed from PyTorch's layout: `[outputs,
 * inputs, height, width]` to `[height, width, inputs, outputs]`, depthwise `[channels, 1, height, width]`
 * to `[height, width, channels, 1]`, dense `[outputs, inputs]` to `[inputs, outputs]`. A kernel with one
 * output a channel is taken for a depthwise one. Names and shapes are checked before any value changes.
 *
 * @param from the file, for the message
 * @throws HeadstartError `weights-mismatch` for a missing, surplus or mis-shaped tensor
 */
export async function assignTorchWeights(
  checkpoint: ReadonlyMap<string, CheckpointTensor>,
  variables: readonly ModelVariable[],
  from: string,
): Promise<void> {
  const surplus = new Set([...checkpoint.keys()].filter((name) => !COUNTER.test(name)));
  const pairs = variables.map((variable) => {
    const { name, value } = variable;
    const stored = checkpoint.get(name);
    if (!stored) throw mismatch(`${from} holds no tensor "${name}".`);
    const { shape } = torchLayout(value.shape);
    if (stored.dtype !== 'F32' || stored.shape.join() !== shape.join()) {
      throw mismatch(
        `${from} holds "${name}" as ${stored.dtype} [${stored.shape.join(', ')}] where F32 [${shape.join(', ')}] is needed.`,
      );
    }
    surplus.delete(name);
    return { variable, stored };
  });
  if (surplus.size > 0) {
    const names = [...surplus];
    const more = names.length > 3 ? `, and ${names.length - 3} more` : '';
    throw mismatch(`${from} holds tensors that the network has no place for: ${names.slice(0, 3).join(', ')}${more}.`);
  }
  for (const { variable, stored } of pairs) {
    const values = (await stored.read()) as Float32Array;
    const { shape, order } = torchLayout(variable.value.shape);
    tidy(() => variable.value.assign(transpose(tensor(values, shape, 'float32'), order)));
  }
}

/** PyTorch's shape for a variable of ours, and the order of its axes that gives ours. */
function torchLayout(shape: readonly number[]): { shape: number[]; order: number[] } {
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  if (shape.length === 2) return { shape: [b, a], order: [1, 0] };
  if (shape.length !== 4) return { shape: [...shape], order: shape.map((_, i) => i) };
  return d === 1 ? { shape: [c, 1, a, b], order: [2, 3, 0, 1] } : { shape: [d, c, a, b], order: [2, 3, 1, 0] };
}

function mismatch(message: string): HeadstartError {
  return new HeadstartError({
    code: 'weights-mismatch',
    message,
    hint: 'The file belongs to another architecture or version; use the one that the source names.',
  });
}
