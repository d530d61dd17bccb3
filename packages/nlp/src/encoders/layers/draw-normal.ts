import { assignValues, type ModelVariable } from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';

/** Normal numbers around zero, drawn from the stream's child of the variable's name. */
export function drawNormal(variable: ModelVariable, deviation: number, random: RandomStream): void {
  const stream = random.child(variable.name);
  assignValues(
    variable,
    Float32Array.from({ length: variable.value.size }, () => deviation * stream.normal()),
  );
}
