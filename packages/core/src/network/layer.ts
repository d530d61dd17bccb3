import { add, fill, mul, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../random/random-stream.ts';
import type { ModelVariable } from './stage.ts';

/** Something with variables that a stage is built of. */
export interface Layer {
  readonly variables: readonly ModelVariable[];
  /** Draws fresh weights; each variable from the stream's child of its own name. */
  initialise(random: RandomStream): void;
}

export interface VariableOptions {
  readonly role: ModelVariable['role'];
  readonly decay: boolean;
  /** The value of every element until weights are loaded or drawn. */
  readonly value?: number;
  /** See `ModelVariable.batchNorm`. */
  readonly batchNorm?: boolean;
}

/**
 * Makes a variable. The engine numbers it instead of knowing its name, so that two networks of one
 * source can live side by side; the checkpoint's name stays in `ModelVariable.name`.
 */
export function modelVariable(
  name: string,
  shape: readonly number[],
  { role, decay, value = 0, ...more }: VariableOptions,
): ModelVariable {
  return tidy(() => ({ ...more, name, role, decay, value: variable(fill([...shape], value), role === 'weight') }));
}

/** Puts values, row-major in the variable's shape, into it. */
export function assignValues({ value }: ModelVariable, values: Float32Array): void {
  tidy(() => value.assign(tensor(values, value.shape, 'float32')));
}

/** Multiplies a variable. */
export function scaleValues({ value }: ModelVariable, factor: number): void {
  tidy(() => value.assign(mul(value, factor)));
}

/** Adds to each of a variable's values. */
export function shiftValues({ value }: ModelVariable, shifts: readonly number[]): void {
  tidy(() => value.assign(add(value, tensor([...shifts], value.shape, 'float32'))));
}

/** Fills a variable with one number. */
export function assignConstant({ value }: ModelVariable, constant: number): void {
  tidy(() => value.assign(fill(value.shape, constant)));
}
