const MAX_INTEGER_BYTES = 1024;

/** Bytes that are not a pickle of the kind read here. */
export class InvalidPickle extends Error {}

/** The bytes end before the pickle does. */
export class PickleEnds extends InvalidPickle {}

/** Reads the operands of a pickle's instructions one after another, never beyond the end of the bytes. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Offset of the next byte. */
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.#bytes.length) throw new PickleEnds(`it needs ${length} bytes more than there are`);
    const taken = this.#bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  #number(bytes: number, read: (at: number) => number): number {
    const at = this.at;
    this.take(bytes);
    return read(at);
  }

  length(bytes: 4 | 8): number {
    const length =
      bytes === 4
        ? this.#number(4, (at) => this.#view.getUint32(at, true))
        : this.#number(8, (at) => Number(this.#view.getBigUint64(at, true)));
    if (length > Number.MAX_SAFE_INTEGER) throw new InvalidPickle('it claims a length beyond all bounds');
    return length;
  }

  /** Two's complement, little-endian, of any length. */
  long(length: number): number | bigint {
    if (length > MAX_INTEGER_BYTES) throw new InvalidPickle(`it holds an integer of ${length} bytes`);
    const bytes = this.take(length);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return smallest(BigInt.asIntN(length * 8, value));
  }

  textInteger(): boolean | number | bigint {
    const text = this.line();
    return text === '01' ? true : text === '00' ? false : integer(text);
  }

  textLong(): number | bigint {
    return integer(this.line().replace(/L$/, ''));
  }

  textFloat(): number {
    const text = this.line();
    const value = Number(text.replace(/^([+-]?)inf$/i, '$1Infinity'));
    if (text === '' || (Number.isNaN(value) && !/^[+-]?nan$/i.test(text)))
      throw new InvalidPickle('it holds a number that is none');
    return value;
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleEnds('it ends inside a line');
    const text = this.utf8(end - this.at);
    this.at = end + 1;
    return text;
  }

  utf8(length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.take(length));
    } catch (cause) {
      if (cause instanceof InvalidPickle) throw cause;
      throw new InvalidPickle('it holds text that is not UTF-8');
    }
  }

  latin1(length: number): string {
    return Buffer.from(this.take(length)).toString('latin1');
  }

  uint16(): number {
    return this.#number(2, (at) => this.#view.getUint16(at, true));
  }

  int32(): number {
    return this.#number(4, (at) => this.#view.getInt32(at, true));
  }

  /** The one number that a pickle stores big-endian. */
  float64(): number {
    return this.#number(8, (at) => this.#view.getFloat64(at, false));
  }
}

function integer(text: string): number | bigint {
  if (!/^[+-]?\d{1,2048}$/.test(text)) throw new InvalidPickle('it holds an integer that is none');
  return smallest(BigInt(text.replace(/^\+/, '')));
}

function smallest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
