import { HeadstartError } from '@headstart/artifacts/errors';
import { inPieces } from '../scheduling/turns.ts';
import type { Tensors } from './tensors.ts';

/** The bits of a float32's exponent: all of them are set in NaN and infinity, and in no other number (IEEE 754). */
const EXPONENT = 0x7f800000;

/** Where the first value is that is NaN, infinite or no number; -1 where there is none. */
export function notFiniteAt(values: ArrayLike<number>): number {
  if (values instanceof Int32Array) return -1;
  if (values instanceof Float32Array)
    return notFiniteAmong(new Int32Array(values.buffer, values.byteOffset, values.length));
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return i;
  }
  return -1;
}

/**
 * The same of float32s by their bits. A loop that meets one kind of array only stays as fast as the first time, where one
 * that has met several takes twenty times as long for each number: pictures have hundreds of thousands.
 */
function notFiniteAmong(bits: Int32Array): number {
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & EXPONENT) === EXPONENT) return i;
  return -1;
}

/**
 * The error for a number that is NaN or infinite where it was computed or read.
 * @param where such as `the feature "pooled" of the sample "a.jpg"`
 */
export function notFinite(value: number, where: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'not-finite', message: `There is ${value} in ${where}.`, hint });
}

/** Goes through them piece by piece. @throws HeadstartError `not-finite` naming the tensor */
export async function checkWeight(values: Float32Array, tensor: string, of: string): Promise<void> {
  for await (const { piece, from } of inPieces(values)) {
    const at = notFiniteAt(piece);
    if (at < 0) continue;
    throw notFinite(
      piece[at]!,
      `the tensor "${tensor}" of ${of}, at place ${from + at}`,
      'Every number of a network is to be finite: fetch or save the weights again, or use others.',
    );
  }
}

/**
 * Checks values of samples, row after row.
 * @param rows the samples that the values belong to, in equal shares
 * @param name of a sample, by its row
 * @throws HeadstartError `not-finite` naming the sample and the tensor
 */
export function checkRows(
  values: ArrayLike<number>,
  tensor: string,
  { rows, name }: { readonly rows: number; readonly name: (row: number) => string },
): void {
  const at = notFiniteAt(values);
  if (at < 0) return;
  const row = Math.floor((at * rows) / values.length);
  throw notFinite(
    values[at]!,
    `what the network gave as "${tensor}" for ${name(row)}`,
    'Look at that sample; if others like it are well, the network is at fault: use another source or model.',
  );
}

/** The same of tensors on the device. @throws HeadstartError `not-finite` */
export async function checkOutputs(outputs: Tensors, rows: Parameters<typeof checkRows>[2]): Promise<void> {
  for (const [name, output] of Object.entries(outputs))
    if (output.dtype === 'float32') checkRows(await output.data<'float32'>(), name, rows);
}
