import type { KernelCall } from '../kernel-call.ts';
import type { ImageMaps, MapInput } from './image-maps.ts';

/** Adds the operations that do what a kernel did; gives the name of its output, or those of all of them. */
export type OnnxTranslation = (call: KernelCall, maps: ImageMaps) => string | readonly string[];

export type OnnxTranslations = Readonly<Record<string, OnnxTranslation>>;

/** The inputs that are there, in their order. */
export function inputsOf(call: KernelCall): MapInput[] {
  return call.keys.map((key) => ({ name: call.input(key), shape: call.tensor(key).shape }));
}

/** The number of an axis that may be counted from the end. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
