import { add, matMul, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import {
  assignConstant,
  modelVariable,
  type ForwardMode,
  type Layer,
  type ModelVariable,
} from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';
import { drawNormal } from './draw-normal.ts';
import { KERNEL } from './kernel-layout.ts';

/**
 * `x W + b`. Products are fastest, forwards and backwards, where the shorter side of W makes its rows: with more outputs
 * than inputs it is held as checkpoints hold it, `<name>.weight` `[outputs, inputs]`, otherwise turned, `<name>.kernel`
 * `[inputs, outputs]`.
 */
export class Linear implements Layer {
  readonly weight: ModelVariable;
  readonly bias: ModelVariable;
  readonly variables: readonly ModelVariable[];
  readonly #turned: boolean;

  constructor(
    private readonly name: string,
    readonly inputs: number,
    readonly outputs: number,
    private readonly deviation: number,
  ) {
    this.#turned = outputs <= inputs;
    const [suffix, shape] = this.#turned ? [KERNEL, [inputs, outputs]] : ['.weight', [outputs, inputs]];
    this.weight = modelVariable(`${name}${suffix}`, shape, { role: 'weight', decay: true });
    this.bias = modelVariable(`${name}.bias`, [outputs], { role: 'weight', decay: false });
    this.variables = [this.weight, this.bias];
  }

  /** @param x `[rows, inputs]`; gives `[rows, outputs]` */
  forward(x: Tensor, { observe }: ForwardMode): Tensor {
    observe?.(this.name, x);
    return add(matMul(x as Tensor2D, this.weight.value as Tensor as Tensor2D, false, !this.#turned), this.bias.value);
  }

  initialise(random: RandomStream): void {
    drawNormal(this.weight, this.deviation, random);
    assignConstant(this.bias, 0);
  }
}
