import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is no larger altogether stays in memory, in bytes. */
const IN_MEMORY = 2 ** 20;

const closing = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

/**
 * Bytes that are written once, one after another, and then read anywhere. What exceeds a megabyte
 * lies in a file of the system's folder for temporary files that has no name, so that nothing is left
 * behind however the process ends; its space comes back when the spool is collected.
 */
export class Spool {
  #buffer = Buffer.allocUnsafe(64 * 1024);
  /** How much of the buffer is written, and how many bytes lie in the file before it. */
  #filled = 0;
  #flushed = 0;
  #file: number | undefined;
  readonly #limit: number;

  /** @param what is put aside, as messages call it: `texts` */
  constructor(
    private readonly what: string,
    limit = IN_MEMORY,
  ) {
    this.#limit = limit;
  }

  /** Whether the bytes lie on disk. */
  get onDisk(): boolean {
    return this.#file !== undefined;
  }

  /** @returns where the bytes begin. @throws HeadstartError `storage-*` */
  write(bytes: Uint8Array): number {
    const start = this.#flushed + this.#filled;
    if (this.#filled + bytes.length > this.#buffer.length) this.#makeRoom(bytes.length);
    if (bytes.length > this.#buffer.length) this.#append(bytes);
    else this.#filled += this.#put(bytes);
    return start;
  }

  /** Ends writing. @throws HeadstartError `storage-*` */
  close(): void {
    if (this.#file !== undefined) this.#flush();
    this.#buffer = this.#file === undefined ? Buffer.from(this.#buffer.subarray(0, this.#filled)) : Buffer.alloc(0);
  }

  /** Bytes as they were written. @throws HeadstartError `sample-unreadable` */
  read(start: number, length: number): Buffer {
    if (this.#file === undefined) return this.#buffer.subarray(start, start + length);
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    try {
      while (done < length) {
        const count = readSync(this.#file, bytes, done, length - done, start + done);
        if (count === 0) throw new Error(`the file ends at byte ${start + done}`);
        done += count;
      }
    } catch (cause) {
      throw new HeadstartError({
        code: 'sample-unreadable',
        message: `Some of the ${this.what} that were put aside in ${tmpdir()} cannot be read again: ${cause instanceof Error ? cause.message : String(cause)}.`,
        hint: 'Check the device, or choose another folder for temporary files with TMPDIR.',
        cause,
      });
    }
    return bytes;
  }

  #put(bytes: Uint8Array): number {
    this.#buffer.set(bytes, this.#filled);
    return bytes.length;
  }

  /** A larger buffer while all fits into memory; from then on the file takes what was gathered. */
  #makeRoom(needed: number): void {
    const total = this.#filled + needed;
    if (this.#file === undefined && total <= this.#limit) {
      const larger = Buffer.allocUnsafe(Math.min(this.#limit, Math.max(total, 2 * this.#buffer.length)));
      this.#buffer.copy(larger, 0, 0, this.#filled);
      this.#buffer = larger;
    } else {
      this.#file ??= this.#open();
      this.#flush();
    }
  }

  #flush(): void {
    const filled = this.#filled;
    this.#filled = 0;
    this.#append(this.#buffer.subarray(0, filled));
  }

  #append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      try {
        done += writeSync(this.#file!, bytes, done, bytes.length - done);
      } catch (cause) {
        throw storageError(`put ${this.what} aside in`, tmpdir(), cause);
      }
    }
    this.#flushed += bytes.length;
  }

  #open(): number {
    const path = join(tmpdir(), `headstart-${this.what}-${process.pid}-${randomBytes(6).toString('hex')}`);
    try {
      const descriptor = openSync(path, 'wx+', 0o600);
      closing.register(this, descriptor);
      unlinkSync(path);
      return descriptor;
    } catch (cause) {
      throw storageError(`put ${this.what} aside in`, path, cause);
    }
  }
}
