import type { RandomStream } from '@headstart/core';
import type { Raster } from './raster.ts';

/** How far brightness, contrast and saturation go from 1, and hue in turns. */
const SPREAD = { brightness: 0.3, contrast: 0.3, saturation: 0.5, hue: 0.03 };

/**
 * Changes brightness (a factor), contrast (about the picture's mean luma), saturation (about each pixel's
 * luma) and hue (turned about the grey axis of YIQ), each by a random amount, in this order. 8-bit sRGB.
 */
export function jitterColour({ width, height, data }: Raster<Uint8Array>, random: RandomStream): Raster<Uint8Array> {
  const brightness = random.uniform(1 - SPREAD.brightness, 1 + SPREAD.brightness);
  const contrast = random.uniform(1 - SPREAD.contrast, 1 + SPREAD.contrast);
  const saturation = random.uniform(1 - SPREAD.saturation, 1 + SPREAD.saturation);
  const hueShift = 2 * Math.PI * random.uniform(-SPREAD.hue, SPREAD.hue);
  return { width, height, data: alterColour(data, { brightness, contrast, saturation, hueShift }) };
}

interface ColourChange {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  /** Radians about the grey axis. */
  readonly hueShift: number;
}

/** Pixels `[n, 3]` with their colours changed, each by one linear map. */
export function alterColour(
  data: Uint8Array,
  { brightness, contrast, saturation, hueShift }: ColourChange,
): Uint8Array {
  const mean = meanLuma(data) * brightness;
  const matrix = multiply(hueMatrix(hueShift), saturationMatrix(saturation)).map((row) =>
    row.map((value) => value * contrast * brightness),
  );
  const shift = (1 - contrast) * mean;
  const result = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 3) {
    for (let c = 0; c < 3; c++) {
      const [red, green, blue] = matrix[c] as [number, number, number];
      result[i + c] = red * data[i]! + green * data[i + 1]! + blue * data[i + 2]! + shift;
    }
  }
  return new Uint8Array(result.buffer);
}

/** ITU-R BT.601. */
const LUMA = [0.299, 0.587, 0.114] as const;

function meanLuma(data: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) sum += LUMA[0] * data[i]! + LUMA[1] * data[i + 1]! + LUMA[2] * data[i + 2]!;
  return (3 * sum) / data.length;
}

type Matrix = readonly (readonly number[])[];

/** luma + s (colour - luma): grey stays as it is. */
function saturationMatrix(s: number): Matrix {
  return [0, 1, 2].map((row) => LUMA.map((weight, column) => (1 - s) * weight + (row === column ? s : 0)));
}

const TO_YIQ: Matrix = [LUMA, [0.595716, -0.274453, -0.321263], [0.211456, -0.522591, 0.311135]];
const FROM_YIQ: Matrix = [
  [1, 0.956296, 0.621024],
  [1, -0.272122, -0.647381],
  [1, -1.10699, 1.704615],
];

function hueMatrix(angle: number): Matrix {
  if (angle === 0)
    return [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return multiply(
    FROM_YIQ,
    multiply(
      [
        [1, 0, 0],
        [0, cos, -sin],
        [0, sin, cos],
      ],
      TO_YIQ,
    ),
  );
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0]!.map((_, column) => row.reduce((sum, value, k) => sum + value * b[k]![column]!, 0)));
}
