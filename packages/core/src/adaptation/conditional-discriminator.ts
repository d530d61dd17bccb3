import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Layer } from '../network/layer.ts';
import type { ModelVariable } from '../network/stage.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { DenseNetwork } from './dense-network.ts';
import { multilinearMap } from './domain-confusion.ts';
import { ProjectedProducts } from './projected-products.ts';

/** Products that the discriminator takes as they are, as CDAN's authors do; more are projected. */
const MOST_PRODUCTS = 4096;

/** CDAN's discriminator, of each feature times each class's probability, or of random projections of these products where they are many. */
export class ConditionalDiscriminator implements Layer {
  readonly variables: readonly ModelVariable[];
  readonly #projection: ProjectedProducts | undefined;
  readonly #network: DenseNetwork;

  /** @param hidden numbers in each hidden layer */
  constructor(features: number, classes: number, hidden: readonly number[]) {
    const products = features * classes;
    this.#projection = products > MOST_PRODUCTS ? new ProjectedProducts(features, classes) : undefined;
    this.#network = new DenseNetwork({ inputs: this.#projection?.width ?? products, hidden, outputs: 1 });
    this.variables = [...(this.#projection?.variables ?? []), ...this.#network.variables];
  }

  /** @param features `[n, features]` @param probabilities `[n, classes]`; gives logits, `[n, 1]` */
  forward(features: Tensor2D, probabilities: Tensor2D): Tensor2D {
    return this.#network.forward(
      this.#projection?.forward(features, probabilities) ?? multilinearMap(features, probabilities),
    );
  }

  initialise(random: RandomStream): void {
    this.#projection?.initialise(random.child('projection'));
    this.#network.initialise(random);
  }
}
