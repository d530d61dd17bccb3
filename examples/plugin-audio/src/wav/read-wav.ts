import { HeadstartError } from '@headstart/core';

/** A recording, mixed down to one channel. */
export interface Sound {
  /** Samples per second. */
  readonly rate: number;
  /** From -1 to 1. */
  readonly samples: Float32Array;
}

interface Format {
  readonly encoding: 'integer' | 'float';
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

/** What a `fmt ` chunk calls other encodings: "Multiple Channel Audio Data in WAVE Files", Microsoft, 2001. */
const OTHERS: Readonly<Record<number, string>> = { 2: 'ADPCM', 6: 'A-law', 7: 'µ-law', 0x55: 'MP3' };
const EXTENSIBLE = 0xfffe;
/** Hertz: beyond them a header is nonsense, and resampling would take any amount of memory. */
const RATES = { least: 1000, most: 1_000_000 };
const DEPTHS = { integer: [8, 16, 24, 32], float: [32, 64] } as const;

/**
 * The sound of a WAV file: PCM of 8, 16, 24 or 32 bits or floating point, any rate, any number of channels (their mean).
 * @param name what messages call the file
 * @throws HeadstartError `sample-unreadable` for what is none, is cut off, is of another encoding, or holds no sound
 */
export function readWav(bytes: Uint8Array, name: string): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const id = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || id(0) !== 'RIFF' || id(8) !== 'WAVE') throw unreadable(name, 'it is not a WAV file');
  let format: Format | undefined;
  // A chunk of odd length is followed by one byte of padding.
  for (
    let at = 12;
    at + 8 <= bytes.length;
    at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) % 2)
  ) {
    const size = view.getUint32(at + 4, true);
    const there = bytes.length - at - 8;
    if (id(at) === 'data' || id(at) === 'fmt ') {
      if (size > there) throw unreadable(name, `it is cut off: a part of ${size} bytes has ${there}`);
    }
    if (id(at) === 'fmt ') format = readFormat(new DataView(view.buffer, view.byteOffset + at + 8, size), name);
    if (id(at) === 'data') {
      if (!format) throw unreadable(name, 'it does not say how its sound is encoded');
      return {
        rate: format.rate,
        samples: mixDown(new DataView(view.buffer, view.byteOffset + at + 8, size), format, name),
      };
    }
  }
  throw unreadable(name, 'it has no sound in it');
}

function readFormat(chunk: DataView, name: string): Format {
  if (chunk.byteLength < 16) throw unreadable(name, 'it does not say how its sound is encoded');
  const tag = chunk.getUint16(0, true);
  const code = tag === EXTENSIBLE && chunk.byteLength >= 26 ? chunk.getUint16(24, true) : tag;
  const encoding = code === 1 ? 'integer' : code === 3 ? 'float' : undefined;
  if (!encoding) throw unreadable(name, `it is encoded as ${OTHERS[code] ?? `format ${code}`}, not as PCM`);
  const [channels, rate, bits] = [chunk.getUint16(2, true), chunk.getUint32(4, true), chunk.getUint16(14, true)];
  if (!DEPTHS[encoding].some((depth) => depth === bits)) throw unreadable(name, `it has samples of ${bits} bits`);
  if (channels === 0 || rate < RATES.least || rate > RATES.most)
    throw unreadable(name, `it claims ${channels} channels at ${rate} Hz`);
  return { encoding, channels, rate, bits };
}

function mixDown(data: DataView, { encoding, channels, bits }: Format, name: string): Float32Array {
  const bytes = bits / 8;
  if (data.byteLength === 0) throw unreadable(name, 'it has no sound in it');
  if (data.byteLength % (bytes * channels) !== 0) throw unreadable(name, 'it is cut off within a sample');
  const value = encoding === 'float' ? floatAt(data, bits) : integerAt(data, bits);
  return Float32Array.from({ length: data.byteLength / (bytes * channels) }, (_, i) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += value((i * channels + channel) * bytes);
    if (!Number.isFinite(sum)) throw unreadable(name, `its sample ${i} is not a finite number`);
    return sum / channels;
  });
}

const floatAt = (data: DataView, bits: number) => (at: number) =>
  bits === 32 ? data.getFloat32(at, true) : data.getFloat64(at, true);

/** Samples of 8 bits have no sign: 128 is silence. */
function integerAt(data: DataView, bits: number): (at: number) => number {
  if (bits === 8) return (at) => data.getUint8(at) / 128 - 1;
  if (bits === 16) return (at) => data.getInt16(at, true) / 2 ** 15;
  if (bits === 24) return (at) => (data.getUint16(at, true) + data.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
  return (at) => data.getInt32(at, true) / 2 ** 31;
}

function unreadable(name: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${name}: ${why}.`,
    hint: 'Give a whole WAV file of PCM or floating-point samples; ffmpeg and sox convert others.',
  });
}
