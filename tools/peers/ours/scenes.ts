import { readSafetensors, writeSafetensors, type WritableTensor } from '@headstart/core/formats';
import type { HostTensors, TensorSpecs } from '@headstart/core/network';

/** Encoded pictures in memory: inputs and targets of each. */
export class Scenes {
  constructor(
    readonly specs: TensorSpecs,
    readonly rows: readonly HostTensors[],
  ) {}

  /** A tensor a name, `[pictures, …]`. */
  static async read(path: string): Promise<Scenes> {
    const specs: Record<string, TensorSpecs[string]> = {};
    const rows: Record<string, Float32Array | Int32Array>[] = [];
    for (const [name, tensor] of (await readSafetensors(path)).tensors) {
      const { dtype, shape } = tensor;
      specs[name] = { shape: shape.slice(1), dtype: dtype === 'I32' ? 'int32' : 'float32' };
      const values = (await tensor.read()) as Float32Array | Int32Array;
      const size = values.length / shape[0]!;
      for (let row = 0; row < shape[0]!; row++)
        (rows[row] ??= {})[name] = values.subarray(row * size, (row + 1) * size);
    }
    return new Scenes(specs, rows);
  }

  async write(path: string): Promise<void> {
    await writeSafetensors(
      path,
      Object.entries(this.specs).map(([name, spec]) => [name, this.#stacked(name, spec)] as const),
    );
  }

  #stacked(name: string, { shape, dtype }: TensorSpecs[string]): WritableTensor {
    const size = shape.reduce((product, n) => product * n, 1);
    const whole = { shape: [this.rows.length, ...shape] };
    const fill = <T extends Float32Array | Int32Array>(data: T): T => {
      this.rows.forEach((row, i) => data.set(row[name]!, i * size));
      return data;
    };
    const count = size * this.rows.length;
    return dtype === 'int32'
      ? { dtype: 'I32', data: fill(new Int32Array(count)), ...whole }
      : { dtype: 'F32', data: fill(new Float32Array(count)), ...whole };
  }
}
