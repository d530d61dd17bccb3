import { readFile } from 'node:fs/promises';
import type { PictureFiles } from '../job.ts';

/** The job's pictures in memory. */
export class Pictures {
  readonly #size: number;

  private constructor(
    readonly files: PictureFiles,
    private readonly bytes: Uint8Array,
    private readonly labels: Uint8Array,
  ) {
    this.#size = files.height * files.width * files.channels;
  }

  static async read(files: PictureFiles): Promise<Pictures> {
    return new Pictures(files, await readFile(files.images), await readFile(files.labels));
  }

  label(row: number): number {
    return this.labels[row]!;
  }

  /** A picture as the networks take it: `(pixel - 127) / 128`. */
  normalised(row: number): Float32Array {
    const pixels = this.bytes.subarray(row * this.#size, (row + 1) * this.#size);
    const values = new Float32Array(pixels.length);
    for (let i = 0; i < pixels.length; i++) values[i] = (pixels[i]! - 127) / 128;
    return values;
  }

  /** The first pictures one after another. */
  batch(size: number): Float32Array {
    const values = new Float32Array(size * this.#size);
    for (let row = 0; row < size; row++) values.set(this.normalised(row), row * this.#size);
    return values;
  }
}
