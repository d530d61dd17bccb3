import type { Tensor } from '@tensorflow/tfjs-core';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Backend } from '../ports/backend.ts';
import { compileInference, type Inference } from '../training/evaluate.ts';

/**
 * Shapes that a model keeps a compiled step for. Texts have 16 lengths, and a server takes batches of six sizes; what is
 * kept of each is of the order of 5 MB.
 */
const MOST_SHAPES = 48;

interface Compiled {
  readonly step: Inference;
  /** Calls under way. */
  calls: number;
}

/**
 * A model in inference mode, compiled anew for each shape of inputs that it meets. Those used last are kept, so that
 * what a process holds stays bounded whatever it is asked, and no shape is ever too many.
 */
export class ShapedInference {
  /** The one used last stands last. */
  readonly #compiled = new Map<string, Compiled>();

  constructor(
    private readonly backend: Backend,
    private readonly model: TransferModel,
    private readonly most = MOST_SHAPES,
  ) {}

  /** The outputs; the caller owns them. Disposes of the inputs. */
  async run(inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    const shape = shapeOf(inputs);
    const compiled = this.#compiled.get(shape) ?? { step: compileInference(this.backend, this.model, 0), calls: 0 };
    this.#compiled.delete(shape);
    this.#compiled.set(shape, compiled);
    compiled.calls++;
    try {
      return await compiled.step(inputs);
    } finally {
      compiled.calls--;
      for (const tensor of Object.values(inputs)) tensor.dispose();
      this.#forget();
    }
  }

  #forget(): void {
    for (const [shape, { step, calls }] of this.#compiled) {
      if (this.#compiled.size <= this.most) return;
      if (calls > 0) continue;
      this.#compiled.delete(shape);
      step.dispose();
    }
  }

  dispose(): void {
    for (const { step } of this.#compiled.values()) step.dispose();
    this.#compiled.clear();
  }
}

function shapeOf(inputs: Readonly<Record<string, Tensor>>): string {
  return Object.entries(inputs)
    .map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape.join()}]`)
    .join(';');
}
