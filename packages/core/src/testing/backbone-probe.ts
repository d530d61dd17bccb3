import { add, dispose, mean, mul, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Backbone } from '../network/backbone.ts';
import type { ModelVariable } from '../network/stage.ts';
import type { HostValues } from '../network/tensors.ts';
import type { StoredValue } from '../network/variable-values.ts';
import { RandomStream } from '../random/random-stream.ts';

/** An output of a stage on the host. */
export interface ProbedOutput {
  readonly shape: readonly number[];
  readonly values: HostValues;
}

export type ProbedInputs = Readonly<
  Record<string, { shape: number[]; dtype: 'float32' | 'int32'; values: HostValues }>
>;

/** Standard normal numbers (for int32 whole numbers from 0 to 9, as far as the input allows them) in the backbone's input shapes; sample i is the same for every batch size. */
export function randomInputs(backbone: Backbone, batch: number): ProbedInputs {
  return Object.fromEntries(
    Object.entries(backbone.input.tensors).map(([name, { shape, dtype, below = 10 }]) => {
      const random = new RandomStream('check-backbone').child('input', name);
      const length = shape.reduce((product, n) => product * n, batch);
      const values =
        dtype === 'int32'
          ? Int32Array.from({ length }, () => random.int(Math.min(below, 10)))
          : Float32Array.from({ length }, () => random.normal());
      return [name, { shape: [batch, ...shape], dtype, values }];
    }),
  );
}

export function toTensors(inputs: ProbedInputs): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype, values }]) => [name, tensor(values, shape, dtype)]),
  );
}

/** Every stage's outputs, computed one stage after another outside `tf.tidy`, as a feature store does. */
export async function probeStages(
  backbone: Backbone,
  inputs: ProbedInputs,
): Promise<Map<string, Record<string, ProbedOutput>>> {
  const outputs = new Map<string, Record<string, ProbedOutput>>();
  let tensors: Record<string, Tensor> = toTensors(inputs);
  for (const stage of backbone.stages) {
    const next = stage.forward(tensors, { training: false });
    dispose(tensors);
    tensors = { ...next };
    const probed: Record<string, ProbedOutput> = {};
    for (const [name, output] of Object.entries(tensors))
      probed[name] = { shape: output.shape, values: (await output.data()) as HostValues };
    outputs.set(stage.name, probed);
  }
  dispose(tensors);
  return outputs;
}

export function sampleValues({ shape, values }: ProbedOutput, index: number): number[] {
  const size = values.length / shape[0]!;
  return Array.from(values.subarray(index * size, (index + 1) * size));
}

/** Every variable as `stage/variable`. */
export function* ownVariables(
  backbone: Backbone,
  include: (stage: string) => boolean = () => true,
): Generator<[string, ModelVariable]> {
  for (const { name, variables } of backbone.stages) {
    if (include(name)) for (const variable of variables) yield [`${name}/${variable.name}`, variable];
  }
}

export function sameValues(a: StoredValue, b: StoredValue): boolean {
  return a.data.length === b.data.length && a.data.every((value, i) => value === b.data[i]);
}

/** A scalar that every element of the tensors moves: their mean product with fixed random numbers. */
export function randomProjection(tensors: Readonly<Record<string, Tensor>>): Tensor {
  return tidy(() => {
    const terms = Object.entries(tensors).map(([name, output]) => {
      const random = new RandomStream('check-backbone').child('projection', name);
      const factors = tensor(
        Float32Array.from({ length: output.size }, () => random.normal()),
        output.shape,
      );
      return mean(mul(output, factors));
    });
    return terms.reduce((sum, term) => add(sum, term));
  });
}
