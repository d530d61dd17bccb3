import { add, mul, type Tensor } from '@tensorflow/tfjs-core';
import { assignConstant, modelVariable, type Layer } from '../layer.ts';
import type { ModelVariable } from '../stage.ts';
import { normaliseRows } from './normalise-rows.ts';

/** `weight · (x - mean) / sqrt(variance + epsilon) + bias` over the last axis (Ba et al., 2016). */
export class LayerNorm implements Layer {
  readonly variables: readonly ModelVariable[];
  readonly #weight: ModelVariable;
  readonly #bias: ModelVariable;

  constructor(
    name: string,
    width: number,
    private readonly epsilon: number,
  ) {
    this.#weight = modelVariable(`${name}.weight`, [width], { role: 'weight', decay: false, value: 1 });
    this.#bias = modelVariable(`${name}.bias`, [width], { role: 'weight', decay: false });
    this.variables = [this.#weight, this.#bias];
  }

  /** @param x `[rows, width]` */
  forward(x: Tensor): Tensor {
    return add(mul(normaliseRows(x, this.epsilon), this.#weight.value), this.#bias.value);
  }

  initialise(): void {
    assignConstant(this.#weight, 1);
    assignConstant(this.#bias, 0);
  }
}
