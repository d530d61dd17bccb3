import type { Pixels } from '@headstart/core/images';
import { luma } from '@headstart/core/images';

/** 256 new values for one channel. */
type Table = Uint8Array;

/** Keeps the `bits` highest bits of every value. */
export function posterize(pixels: Pixels, bits: number): Pixels {
  const mask = 0xff & ~((1 << (8 - bits)) - 1);
  return mapAll(
    pixels,
    tableOf((value) => value & mask),
  );
}

/** Inverts every value at or above the threshold. */
export function solarize(pixels: Pixels, threshold: number): Pixels {
  return mapAll(
    pixels,
    tableOf((value) => (value < threshold ? value : 255 - value)),
  );
}

/** Blends with black: 0 is black, 1 the picture, more is brighter. */
export function brightness(pixels: Pixels, factor: number): Pixels {
  return mapAll(
    pixels,
    tableOf((value) => blend(0, value, factor)),
  );
}

/** Blends with the picture's mean luma: 0 is flat grey, 1 the picture. */
export function contrast(pixels: Pixels, factor: number): Pixels {
  const { data } = pixels;
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) sum += luma(data[i]!, data[i + 1]!, data[i + 2]!);
  const grey = Math.trunc(sum / (data.length / 3) + 0.5);
  return mapAll(
    pixels,
    tableOf((value) => blend(grey, value, factor)),
  );
}

/** Stretches each channel so that its least value becomes 0 and its greatest 255. */
export function autoContrast(pixels: Pixels): Pixels {
  return mapChannels(pixels, (counts) => {
    const least = counts.findIndex((count) => count > 0);
    const greatest = counts.findLastIndex((count) => count > 0);
    if (greatest <= least) return tableOf((value) => value);
    const scale = 255 / (greatest - least);
    return tableOf((value) => clip(Math.trunc(value * scale - least * scale)));
  });
}

/**
 * Flattens each channel's histogram: a value maps to the number of pixels below it, in steps of a
 * 255th of all pixels but those of the greatest value (the rule of Pillow's ImageOps.equalize).
 */
export function equalize(pixels: Pixels): Pixels {
  return mapChannels(pixels, (counts) => {
    const present = counts.filter((count) => count > 0);
    const step = Math.floor((pixels.data.length / 3 - (present.at(-1) ?? 0)) / 255);
    if (present.length <= 1 || step === 0) return tableOf((value) => value);
    let below = Math.floor(step / 2);
    return tableOf((value) => {
      const mapped = clip(Math.floor(below / step));
      below += counts[value]!;
      return mapped;
    });
  });
}

/**
 * `from + factor (to - from)` in 32-bit floats, cut to whole numbers and to 0 … 255 (the rule of
 * Pillow's Image.blend, so that published magnitudes mean the same).
 */
export function blend(from: number, to: number, factor: number): number {
  return clip(Math.trunc(Math.fround(from + Math.fround(Math.fround(factor) * (to - from)))));
}

function clip(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function tableOf(map: (value: number) => number): Table {
  return Uint8Array.from({ length: 256 }, (_, value) => map(value));
}

function mapAll({ data, ...size }: Pixels, table: Table): Pixels {
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = table[data[i]!]!;
  return { ...size, data: result };
}

function mapChannels({ data, ...size }: Pixels, tableFor: (counts: number[]) => Table): Pixels {
  const result = new Uint8Array(data.length);
  for (let channel = 0; channel < 3; channel++) {
    const counts = new Array<number>(256).fill(0);
    for (let i = channel; i < data.length; i += 3) counts[data[i]!]!++;
    const table = tableFor(counts);
    for (let i = channel; i < data.length; i += 3) result[i] = table[data[i]!]!;
  }
  return { ...size, data: result };
}
