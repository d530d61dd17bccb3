import type { HostTensors, HostValues, TensorSpecs } from '../network/tensors.ts';

/** Where each tensor of a sample lies within its row of bytes: by name, one after another. */
export class RowLayout {
  readonly fields: readonly {
    readonly name: string;
    readonly dtype: 'float32' | 'int32';
    readonly size: number;
    readonly offset: number;
  }[];
  /** Bytes per row. */
  readonly bytes: number;

  constructor(readonly specs: TensorSpecs) {
    let offset = 0;
    this.fields = Object.keys(specs)
      .sort()
      .map((name) => {
        const { shape, dtype } = specs[name]!;
        const size = shape.reduce((product, n) => product * n, 1);
        const field = { name, dtype, size, offset };
        offset += 4 * size;
        return field;
      });
    this.bytes = offset;
  }

  /** Batches of tensors `[count, …]` as rows. */
  pack(tensors: HostTensors, count: number): Buffer {
    const rows = Buffer.allocUnsafe(count * this.bytes);
    for (const { name, size, offset } of this.fields) {
      const values = tensors[name]!;
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      for (let i = 0; i < count; i++) bytes.copy(rows, i * this.bytes + offset, i * size * 4, (i + 1) * size * 4);
    }
    return rows;
  }

  /** Room for `count` samples, to be filled by `unpack`. */
  allocate(count: number): Record<string, HostValues> {
    return Object.fromEntries(
      this.fields.map(({ name, dtype, size }) => [
        name,
        dtype === 'int32' ? new Int32Array(count * size) : new Float32Array(count * size),
      ]),
    );
  }

  /** Copies one row into place `index` of tensors made by `allocate`. */
  unpack(row: Buffer, into: HostTensors, index: number): void {
    for (const { name, size, offset } of this.fields) {
      const values = into[name]!;
      const target = Buffer.from(values.buffer, values.byteOffset + index * size * 4, size * 4);
      row.copy(target, 0, offset, offset + size * 4);
    }
  }
}
