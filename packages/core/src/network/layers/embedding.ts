import type { Tensor } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../random/random-stream.ts';
import { modelVariable, type Layer } from '../layer.ts';
import type { ModelVariable } from '../stage.ts';
import type { Initialiser } from './initialisers.ts';
import { lookUp } from './look-up.ts';

/** What an embedding is made of. */
export interface EmbeddingOptions {
  /** The variable's name. */
  readonly name: string;
  readonly rows: number;
  readonly width: number;
  /** Draws fresh vectors. */
  readonly initialiser: Initialiser;
  /** Whether the vectors stay as they are while the rest learns; they learn where absent. */
  readonly frozen?: boolean;
  /** Whether weight decay applies; it does where absent. */
  readonly decay?: boolean;
}

/** A vector for each of several numbers, `[rows, width]`. */
export class Embedding implements Layer {
  readonly rows: ModelVariable;
  readonly variables: readonly ModelVariable[];
  readonly #initialiser: Initialiser;

  constructor({ name, rows, width, initialiser, frozen = false, decay = true }: EmbeddingOptions) {
    this.rows = modelVariable(name, [rows, width], { role: frozen ? 'fixed' : 'weight', decay });
    this.variables = [this.rows];
    this.#initialiser = initialiser;
  }

  /** @param ids int32, any shape, from 0 to less than `rows`; gives `[…ids, width]` */
  forward(ids: Tensor): Tensor {
    return lookUp(this.rows.value, ids);
  }

  initialise(random: RandomStream): void {
    this.#initialiser(this.rows, random);
  }
}
