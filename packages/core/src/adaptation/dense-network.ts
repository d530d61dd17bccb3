import { relu, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../random/random-stream.ts';
import type { Layer } from '../network/layer.ts';
import { Dense } from '../network/layers/dense.ts';
import { glorotUniform, heNormal } from '../network/layers/initialisers.ts';
import type { ModelVariable } from '../network/stage.ts';

/** What a small network of dense layers is made of. */
export interface DenseNetworkOptions {
  readonly inputs: number;
  /** Numbers in each hidden layer, which a ReLU follows. */
  readonly hidden: readonly number[];
  readonly outputs: number;
}

/** Dense layers with ReLU between them: a discriminator of domains, or a second head. `[n, inputs]` to `[n, outputs]`. */
export class DenseNetwork implements Layer {
  readonly variables: readonly ModelVariable[];
  readonly #layers: readonly Dense[];

  constructor({ inputs, hidden, outputs }: DenseNetworkOptions) {
    const widths = [inputs, ...hidden, outputs];
    this.#layers = widths.slice(1).map((width, i) => {
      const last = i === hidden.length;
      const from = widths[i]!;
      const initialiser = last ? glorotUniform(from, width) : heNormal(from);
      return new Dense({ name: `layer${i}`, inputs: from, outputs: width, initialiser });
    });
    this.variables = this.#layers.flatMap(({ variables }) => variables);
  }

  forward(x: Tensor2D): Tensor2D {
    return tidy(() =>
      this.#layers.reduce<Tensor2D>((value, layer, i) => {
        const next = layer.forward(value) as Tensor2D;
        return i === this.#layers.length - 1 ? next : relu(next);
      }, x),
    );
  }

  initialise(random: RandomStream): void {
    for (const layer of this.#layers) layer.initialise(random);
  }
}
