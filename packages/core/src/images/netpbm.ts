import type { PlainPicture } from './plain-picture.ts';

/** Channels by the digit of the magic number: bits, grey and colours, written as text (1 to 3) or as bytes (4 to 6). */
const CHANNELS: Readonly<Record<string, 1 | 3>> = { 1: 1, 2: 1, 3: 3, 4: 1, 5: 1, 6: 3 };

const CUT_OFF = 'its data are cut off or damaged';

/** Whether bytes begin as one of the Netpbm formats: `P1` to `P6` and a blank (https://netpbm.sourceforge.net/doc/pnm.html). */
export function isNetpbm(bytes: Buffer): boolean {
  return /^P[1-6][\s#]/.test(bytes.toString('latin1', 0, 3));
}

interface NetpbmHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly highest: number;
  /** What stands after the header's last number. */
  readonly numbers: Numbers;
}

/** @throws Error for what is none, or claims more than the file can hold */
export function netpbmHeader(bytes: Buffer): NetpbmHeader {
  const kind = bytes.toString('latin1', 1, 2);
  const channels = CHANNELS[kind]!;
  const numbers = new Numbers(bytes);
  const [width, height] = [numbers.next(), numbers.next()];
  const highest = kind === '1' || kind === '4' ? 1 : numbers.next();
  // Each value takes a bit at least, so that a header cannot claim more than the file can fill.
  if (width < 1 || height < 1 || highest < 1 || highest > 65_535 || width * height * channels > 8 * bytes.length)
    throw new Error(CUT_OFF);
  return { width, height, channels, highest, numbers };
}

/** Decodes a PBM, PGM or PPM; values are scaled from the file's highest to 255. @throws Error where data are missing */
export function decodeNetpbm(bytes: Buffer): PlainPicture {
  const kind = bytes.toString('latin1', 1, 2);
  const bits = kind === '1' || kind === '4';
  const { width, height, channels, highest, numbers } = netpbmHeader(bytes);
  const length = width * height * channels;
  const data = new Uint8Array(length);
  if (kind < '4') for (let i = 0; i < length; i++) data[i] = scaled(bits ? numbers.digit() : numbers.next(), highest);
  else if (bits) unpackBits(bytes, numbers.at + 1, width, data);
  else unpackValues(bytes, numbers.at + 1, highest, data);
  // In a PBM, one is black.
  if (bits) data.forEach((value, i) => (data[i] = 255 - value));
  return { width, height, channels, data };
}

function scaled(value: number, highest: number): number {
  if (value > highest) throw new Error(CUT_OFF);
  return Math.round((value * 255) / highest);
}

/** Rows of bits, the first in each byte's highest; every row begins with a byte of its own. */
function unpackBits(bytes: Buffer, start: number, width: number, data: Uint8Array): void {
  const stride = Math.ceil(width / 8);
  if (bytes.length < start + stride * (data.length / width)) throw new Error(CUT_OFF);
  for (let i = 0; i < data.length; i++) {
    const [row, x] = [Math.floor(i / width), i % width];
    data[i] = (bytes[start + row * stride + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 255 : 0;
  }
}

/** Values of one byte, or of two where the highest needs them, the more significant first. */
function unpackValues(bytes: Buffer, start: number, highest: number, data: Uint8Array): void {
  const size = highest > 255 ? 2 : 1;
  if (bytes.length < start + size * data.length) throw new Error(CUT_OFF);
  for (let i = 0; i < data.length; i++)
    data[i] = scaled(size === 1 ? bytes[start + i]! : bytes.readUInt16BE(start + 2 * i), highest);
}

/** The numbers of a header, and of a file that is text: between blanks, and comments to the end of a line. */
class Numbers {
  at = 2;

  constructor(private readonly bytes: Buffer) {}

  next(): number {
    this.#skip();
    let digits = '';
    while (isDigit(this.bytes[this.at])) digits += String.fromCharCode(this.bytes[this.at++]!);
    if (digits === '') throw new Error(CUT_OFF);
    return Number(digits);
  }

  /** One digit: the bits of a text need no blanks between them. */
  digit(): number {
    this.#skip();
    if (!isDigit(this.bytes[this.at])) throw new Error(CUT_OFF);
    return this.bytes[this.at++]! - 0x30;
  }

  #skip(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === 0x23) while (this.at < this.bytes.length && this.bytes[this.at] !== 0x0a) this.at++;
      else if (byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)) this.at++;
      else return;
    }
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
