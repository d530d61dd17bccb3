import { add, matMul, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { assignConstant, modelVariable, type Layer, type ModelVariable, type RandomStream } from '@headstart/core';
import { drawNormal } from './draw-normal.ts';

/** `x Wᵀ + b` with the kernel as checkpoints hold it, `[outputs, inputs]`. */
export class Linear implements Layer {
  readonly weight: ModelVariable;
  readonly bias: ModelVariable;
  readonly variables: readonly ModelVariable[];

  constructor(
    name: string,
    readonly inputs: number,
    readonly outputs: number,
    private readonly deviation: number,
  ) {
    this.weight = modelVariable(`${name}.weight`, [outputs, inputs], { role: 'weight', decay: true });
    this.bias = modelVariable(`${name}.bias`, [outputs], { role: 'weight', decay: false });
    this.variables = [this.weight, this.bias];
  }

  /** @param x `[rows, inputs]`; gives `[rows, outputs]` */
  forward(x: Tensor): Tensor {
    return add(matMul(x as Tensor2D, this.weight.value as Tensor as Tensor2D, false, true), this.bias.value);
  }

  initialise(random: RandomStream): void {
    drawNormal(this.weight, this.deviation, random);
    assignConstant(this.bias, 0);
  }
}
