import type { Colour, Pixels } from '@headstart/core/images';

/** A map from a place in the result to one in the source, both from the picture's centre: `[a b; c d] p + t`. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly x: number;
  readonly y: number;
}

const IDENTITY: Affine = { a: 1, b: 0, c: 0, d: 1, x: 0, y: 0 };

/** Turns counter-clockwise about the centre, in degrees. */
export function rotation(degrees: number): Affine {
  const angle = (degrees * Math.PI) / 180;
  return { ...IDENTITY, a: Math.cos(angle), b: -Math.sin(angle), c: Math.sin(angle), d: Math.cos(angle) };
}

/** Moves rows sideways by `x` times their height over the centre, columns by `y`. */
export function shear(x: number, y: number): Affine {
  return { ...IDENTITY, b: x, c: y };
}

/** Moves the picture by pixels to the right and down. */
export function translation(x: number, y: number): Affine {
  return { ...IDENTITY, x: -x, y: -y };
}

/** Samples the source bilinearly at the mapped centres of the result's pixels; the background lies outside. */
export function transform({ data, width, height }: Pixels, map: Affine, background: Colour): Pixels {
  const result = new Uint8Array(data.length);
  const centreX = width / 2 - 0.5;
  const centreY = height / 2 - 0.5;
  // A border of that colour around the picture spares every tap the question whether it lies outside.
  const row = 3 * (width + 2);
  const framed = frame({ data, width, height }, background);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const sourceX = map.a * (x - centreX) + map.b * (y - centreY) + map.x + centreX;
      const sourceY = map.c * (x - centreX) + map.d * (y - centreY) + map.y + centreY;
      if (!(sourceX > -1 && sourceY > -1 && sourceX < width && sourceY < height)) {
        result.set(background, at);
        continue;
      }
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const right = sourceX - left;
      const down = sourceY - top;
      const from = (top + 1) * row + 3 * (left + 1);
      for (let c = 0; c < 3; c++) {
        const tap = from + c;
        const above = framed[tap]! * (1 - right) + framed[tap + 3]! * right;
        const below = framed[tap + row]! * (1 - right) + framed[tap + row + 3]! * right;
        result[at + c] = Math.round(above * (1 - down) + below * down);
      }
    }
  }
  return { width, height, data: result };
}

/** The picture with one pixel of the background on every side. */
function frame({ data, width, height }: Pixels, background: Colour): Uint8Array {
  const row = 3 * (width + 2);
  const framed = new Uint8Array(row * (height + 2));
  for (let i = 0; i < framed.length; i++) framed[i] = background[i % 3]!;
  for (let y = 0; y < height; y++) framed.set(data.subarray(3 * width * y, 3 * width * (y + 1)), (y + 1) * row + 3);
  return framed;
}

/** Left becomes right. */
export function flip({ data, width, height }: Pixels): Pixels {
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + x);
      result.set(data.subarray(from, from + 3), 3 * (y * width + width - 1 - x));
    }
  }
  return { width, height, data: result };
}
