import { assignValues, type ModelVariable } from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';

/** Normal with variance 2 / fanIn, for layers that a ReLU follows (He et al., 2015, eq. 10). */
export function heNormal(variable: ModelVariable, fanIn: number, random: RandomStream): void {
  const deviation = Math.sqrt(2 / fanIn);
  const stream = random.child(variable.name);
  assignValues(
    variable,
    Float32Array.from({ length: variable.value.size }, () => deviation * stream.normal()),
  );
}

/** Uniform in ±sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010, eq. 16). */
export function glorotUniform(variable: ModelVariable, fanIn: number, fanOut: number, random: RandomStream): void {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  const stream = random.child(variable.name);
  assignValues(
    variable,
    Float32Array.from({ length: variable.value.size }, () => stream.uniform(-limit, limit)),
  );
}
