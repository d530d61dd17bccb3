import { add, matMul, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { assignConstant, modelVariable, type Layer, type ModelVariable } from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';
import { glorotUniform, heNormal } from './initialise.ts';

export interface DenseOptions {
  /** Prefix of the variables' names: `<name>.weight`, `<name>.bias`. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** What follows: He's initialisation before a ReLU, Glorot's before logits. */
  readonly before: 'relu' | 'logits';
}

/** Fully connected: `x W + b`, kernel `[inputs, outputs]`. */
export class Dense implements Layer {
  readonly kernel: ModelVariable;
  readonly bias: ModelVariable;
  readonly variables: readonly ModelVariable[];

  constructor(private readonly options: DenseOptions) {
    const { name, inputs, outputs } = options;
    this.kernel = modelVariable(`${name}.weight`, [inputs, outputs], { role: 'weight', decay: true });
    this.bias = modelVariable(`${name}.bias`, [outputs], { role: 'weight', decay: false });
    this.variables = [this.kernel, this.bias];
  }

  /** @param x `[batch, inputs]`; gives `[batch, outputs]` */
  forward(x: Tensor): Tensor {
    return tidy(() => add(matMul(x as Tensor2D, this.kernel.value as unknown as Tensor2D), this.bias.value));
  }

  initialise(random: RandomStream): void {
    const { inputs, outputs, before } = this.options;
    if (before === 'relu') heNormal(this.kernel, inputs, random);
    else glorotUniform(this.kernel, inputs, outputs, random);
    assignConstant(this.bias, 0);
  }
}
