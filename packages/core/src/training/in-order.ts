import { dispose, tensor, type DataType, type Tensor } from '@tensorflow/tfjs-core';
import type { Tensors } from '../network/tensors.ts';

type Values = Float32Array | Int32Array | Uint8Array;

/** What one sample has of a tensor, off the device: its rows. */
interface Rows {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly values: Values;
}

type SampleRows = Readonly<Record<string, Rows>>;

/**
 * Keeps what a network gives for batches of samples in any order, and hands it on in the samples' own: what is computed of
 * all of them then depends on no order, and what is said of them one by one is in theirs.
 */
export class InOrder {
  readonly #samples: { readonly outputs: SampleRows; readonly targets: SampleRows }[] = [];

  /** @param positions of the batch's samples; the tensors stay the caller's */
  async add(positions: Uint32Array, outputs: Tensors, targets: Tensors): Promise<void> {
    const [given, true_] = [await rowsOf(outputs, positions.length), await rowsOf(targets, positions.length)];
    positions.forEach((position, i) => (this.#samples[position] = { outputs: given[i]!, targets: true_[i]! }));
  }

  /** Hands on batches of consecutive samples, whose tensors live as long as the call. */
  async handOn(
    size: number,
    take: (positions: Uint32Array, outputs: Tensors, targets: Tensors) => Promise<void>,
  ): Promise<void> {
    const count = this.#samples.length;
    for (let start = 0, end = 0; start < count; start = end) {
      end = this.#endOfBatch(start, Math.min(count, start + size));
      const batch = this.#samples.slice(start, end);
      const outputs = joined(batch.map((sample) => sample.outputs));
      const targets = joined(batch.map((sample) => sample.targets));
      const positions = Uint32Array.from(batch, (_, i) => start + i);
      await take(positions, outputs, targets).finally(() => dispose([outputs, targets]));
    }
  }

  /** Where outputs have another shape than the first one's: some are as long as their sample. */
  #endOfBatch(start: number, limit: number): number {
    const shapes = ({ outputs }: { readonly outputs: SampleRows }) =>
      JSON.stringify(Object.entries(outputs).map(([name, { shape }]) => [name, shape]));
    const first = shapes(this.#samples[start]!);
    let end = start + 1;
    while (end < limit && shapes(this.#samples[end]!) === first) end++;
    return end;
  }
}

/** A batch's tensors sample by sample. */
async function rowsOf(tensors: Tensors, samples: number): Promise<SampleRows[]> {
  const whole = await Promise.all(
    Object.entries(tensors).map(async ([name, each]) => {
      const { shape, dtype } = each;
      return { name, shape, dtype, values: (await each.data()).slice() as Values };
    }),
  );
  return Array.from({ length: samples }, (_, i) =>
    Object.fromEntries(
      whole.map(({ name, shape: [rows = samples, ...shape], dtype, values }) => {
        const width = values.length / samples;
        const own = values.subarray(i * width, (i + 1) * width);
        return [name, { shape: [rows / samples, ...shape], dtype, values: own }];
      }),
    ),
  );
}

/** The samples' rows one after another, on the device. */
function joined(samples: readonly SampleRows[]): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(samples[0]!).map(
      ([
        name,
        {
          shape: [rows = 1, ...shape],
          dtype,
          values,
        },
      ]) => {
        const all = new (values.constructor as new (length: number) => Values)(values.length * samples.length);
        samples.forEach((sample, i) => all.set(sample[name]!.values, i * values.length));
        return [name, tensor(all, [rows * samples.length, ...shape], dtype)];
      },
    ),
  );
}
