import { setImmediate } from 'node:timers/promises';
import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import { runStages } from '../network/run-stages.ts';
import type { Stage } from '../network/stage.ts';
import type { Backend, CompiledStep } from '../ports/backend.ts';

/**
 * Shapes that stages are kept compiled for. Texts have 16 lengths, and a server takes batches of six sizes; what is
 * kept of each is of the order of 5 MB.
 */
const MOST_SHAPES = 48;

/** Calls after which stages are joined. That takes a third of a second, and saves about a hundredth a call. */
export const CALLS_TO_JOIN = 16;

type Forward = CompiledStep<[inputs: Record<string, Tensor>], Record<string, Tensor>>;

interface Compiled {
  /** A step per stage. */
  readonly steps: readonly Forward[];
  /** All of them as one; null where the backend cannot join them. */
  joined?: Forward | null;
  /** Calls of them so far. */
  called: number;
  /** Calls under way. */
  calls: number;
}

/**
 * Stages in inference mode, compiled anew for each shape of inputs that they meet. Those used last are kept, so that
 * what a process holds stays bounded whatever it is asked, and no shape is ever too many.
 *
 * Each stage is compiled as a step of its own: that holds the event loop, which others have between two. Where the
 * backend can, those of a shape that is met again and again are joined: one function for all takes less time.
 */
export class ShapedInference {
  /** The one used last stands last. */
  readonly #compiled = new Map<string, Compiled>();
  #disposed = false;

  constructor(
    private readonly backend: Backend,
    private readonly stages: readonly Stage[],
    private readonly most = MOST_SHAPES,
  ) {}

  /** The outputs; the caller owns them. Disposes of the inputs. */
  async run(inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    const shape = shapeOf(inputs);
    const compiled = this.#compiled.get(shape) ?? {
      steps: this.stages.map((stage) => this.#compile(stage)),
      called: 0,
      calls: 0,
    };
    this.#compiled.delete(shape);
    this.#compiled.set(shape, compiled);
    compiled.calls++;
    try {
      if (compiled.joined) return await handedOn(inputs, compiled.joined);
      const outputs = await this.#byStages(inputs, compiled.steps);
      if (++compiled.called >= CALLS_TO_JOIN && compiled.joined === undefined && !this.#disposed)
        compiled.joined = this.backend.join?.(compiled.steps) ?? null;
      return outputs;
    } finally {
      compiled.calls--;
      if (!this.#disposed) this.#forget();
      else if (compiled.calls === 0) free(compiled);
    }
  }

  async #byStages(inputs: Record<string, Tensor>, steps: readonly Forward[]): Promise<Record<string, Tensor>> {
    let tensors = inputs;
    for (const step of steps) {
      tensors = await handedOn(tensors, step);
      await setImmediate();
    }
    return tensors;
  }

  #compile(stage: Stage): Forward {
    return this.backend.compile((inputs: Record<string, Tensor>) =>
      tidy(() => runStages([stage], inputs) as Record<string, Tensor>),
    );
  }

  #forget(): void {
    for (const [shape, compiled] of this.#compiled) {
      if (this.#compiled.size <= this.most) return;
      if (compiled.calls > 0) continue;
      this.#compiled.delete(shape);
      free(compiled);
    }
  }

  /** What is called at that moment is freed when its calls end. */
  dispose(): void {
    this.#disposed = true;
    for (const compiled of this.#compiled.values()) if (compiled.calls === 0) free(compiled);
    this.#compiled.clear();
  }
}

function free({ joined, steps }: Compiled): void {
  joined?.dispose();
  for (const step of steps) step.dispose();
}

/** What a step gives. Disposes of what it was given, unless it hands that on as it is. */
async function handedOn(given: Record<string, Tensor>, step: Forward): Promise<Record<string, Tensor>> {
  let outputs: Record<string, Tensor> = {};
  try {
    return (outputs = await step(given));
  } finally {
    const kept = new Set(Object.values(outputs));
    for (const tensor of Object.values(given)) if (!kept.has(tensor)) tensor.dispose();
  }
}

function shapeOf(inputs: Readonly<Record<string, Tensor>>): string {
  return Object.entries(inputs)
    .map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape.join()}]`)
    .join(';');
}
