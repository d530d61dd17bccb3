import { add, matMul, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../random/random-stream.ts';
import { assignConstant, modelVariable, type Layer } from '../layer.ts';
import type { ForwardMode, ModelVariable } from '../stage.ts';
import type { Initialiser } from './initialisers.ts';

/** What a dense layer is made of. */
export interface DenseOptions {
  /** The layer's name, which `ForwardMode.observe` is given. */
  readonly name: string;
  /** The variables' names; `<name>.weight` and `<name>.bias` where absent. */
  readonly kernel?: string;
  readonly bias?: string;
  readonly inputs: number;
  readonly outputs: number;
  /** How the kernel is held: `[inputs, outputs]`, the default, or `[outputs, inputs]`. */
  readonly layout?: 'inputs-outputs' | 'outputs-inputs';
  /** Draws fresh kernels, such as He's before a ReLU and Glorot's before logits. Biases start at zero. */
  readonly initialiser: Initialiser;
}

/** Fully connected: `x W + b`. */
export class Dense implements Layer {
  readonly kernel: ModelVariable;
  readonly bias: ModelVariable;
  readonly variables: readonly ModelVariable[];
  readonly #name: string;
  readonly #transposed: boolean;
  readonly #initialiser: Initialiser;

  constructor({ name, kernel, bias, inputs, outputs, layout = 'inputs-outputs', initialiser }: DenseOptions) {
    this.#name = name;
    this.#transposed = layout === 'outputs-inputs';
    this.#initialiser = initialiser;
    const shape = this.#transposed ? [outputs, inputs] : [inputs, outputs];
    this.kernel = modelVariable(kernel ?? `${name}.weight`, shape, { role: 'weight', decay: true });
    this.bias = modelVariable(bias ?? `${name}.bias`, [outputs], { role: 'weight', decay: false });
    this.variables = [this.kernel, this.bias];
  }

  /** @param x `[rows, inputs]`; gives `[rows, outputs]` */
  forward(x: Tensor, { observe }: Pick<ForwardMode, 'observe'> = {}): Tensor {
    observe?.(this.#name, x);
    return tidy(() => {
      const kernel = this.kernel.value as Tensor as Tensor2D;
      return add(matMul(x as Tensor2D, kernel, false, this.#transposed), this.bias.value);
    });
  }

  initialise(random: RandomStream): void {
    this.#initialiser(this.kernel, random);
    assignConstant(this.bias, 0);
  }
}
