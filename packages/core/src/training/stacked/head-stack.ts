import '../../vendor/tfjs-gradients.ts';
import {
  add,
  addN,
  dispose,
  gather,
  minimum,
  div,
  ones,
  reshape,
  scalar,
  sqrt,
  square,
  stack,
  sum,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  valueAndGrads,
  variable,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import type { Sample } from '../../domains/target-domain.ts';
import { HEAD } from '../../network/head.ts';
import type { Tensors } from '../../network/tensors.ts';
import type { Backend, CompiledStep } from '../../ports/backend.ts';
import { stepSeed } from '../../random/step-random.ts';
import { MovingAverage } from '../moving-average.ts';
import { createOptimiser, ratesAt, type Optimiser, type Trainable } from '../optimiser.ts';
import { updateStep } from '../train-step.ts';
import { partsOf, weightsOf, type StackMember } from './stack-member.ts';
import { byHead, perHead, stackedLosses } from './stacked-loss.ts';

/** What the heads learn from, on the device: the rows of the first head's samples, then those of the next. */
export interface StackedSamples {
  /** `[heads · samples, width]` */
  readonly prepared: Tensor2D;
  /** By name, `[heads · samples, …]`. */
  readonly targets: Tensors;
}

interface StackedGradients {
  readonly losses: Tensor1D;
  readonly gradients: Tensor[];
  readonly factor?: Scalar;
}

interface TermInputs {
  readonly seeds: Tensor2D;
  readonly progress: Scalar;
}

type GradientStep = CompiledStep<[positions: Tensor1D, terms?: TermInputs], StackedGradients>;

/**
 * Heads of one shape, their weights stacked along a first axis: one step moves them all, each by the gradient of its own
 * batch, clipped by its own norm, at its own rate.
 */
export class HeadStack<S extends Sample> {
  readonly #members: readonly StackMember<S>[];
  readonly #samples: number;
  /** Each `[heads, size]`. */
  readonly #weights: readonly Trainable[];
  readonly #shapes: readonly (readonly number[])[];
  readonly #optimiser: Optimiser;
  readonly #average: MovingAverage | undefined;
  readonly #gradientStep: GradientStep;
  readonly #updateStep: CompiledStep<Parameters<ReturnType<typeof updateStep>>, void>;
  readonly #forward: CompiledStep<[prepared: Tensor3D], Record<string, Tensor>[]>;

  /** The samples stay the caller's. */
  constructor(backend: Backend, members: readonly StackMember<S>[], samples: StackedSamples) {
    const [{ run, phase }] = members as readonly [StackMember<S>];
    this.#members = members;
    this.#samples = samples.prepared.shape[0] / members.length;
    const own = weightsOf(run.model.head);
    this.#shapes = own.map(({ value }) => value.shape);
    this.#weights = own.map(({ name, decay, role }, i) => ({
      name: `${HEAD}/${name}`,
      stage: HEAD,
      variable: { name, decay, role, value: tidy(() => variable(this.#stacked(i), false)) },
      rateMultiplier: phase.trainable[HEAD]!,
    }));
    this.#optimiser = createOptimiser(phase.optimiser, this.#weights);
    this.#average = run.transfer.ema === undefined ? undefined : new MovingAverage(this.#weights);
    this.#gradientStep = backend.compile((positions: Tensor1D, terms?: TermInputs) =>
      tidy<never>(() => this.#gradients(samples, positions, terms) as never),
    );
    this.#updateStep = backend.compile(updateStep(this.#weights, this.#optimiser, this.#average), {
      elementwise: true,
    });
    this.#forward = backend.compile((prepared: Tensor3D) => tidy<never>(() => this.#outputsByHead(prepared) as never));
  }

  /**
   * One update of every head. A rate of 0 leaves a head as it is.
   * @param batches positions among each head's own samples, as many for each
   * @param step from 0 within the phase
   * @param steps all of the phase
   * @returns each head's loss
   */
  async step(
    batches: readonly Uint32Array[],
    rates: readonly number[],
    step: number,
    steps: number,
  ): Promise<Float32Array> {
    const positions = tensor1d(this.#positions(batches), 'int32');
    const terms = this.#termInputs(step, steps);
    const taken = ratesAt(step, tensor2d([...rates], [rates.length, 1]), this.#members[0]!.run.transfer.ema);
    try {
      const { losses, ...gradients } = await this.#gradientStep(positions, ...(terms ? [terms] : []));
      try {
        await this.#updateStep(gradients, taken);
        return await losses.data<'float32'>();
      } finally {
        dispose([losses, gradients] as never);
      }
    } finally {
      dispose([positions, terms ?? {}, taken] as never);
    }
  }

  /** Each head's outputs. @param prepared `[heads, rows, width]` */
  outputs(prepared: Tensor3D): Promise<Record<string, Tensor>[]> {
    return this.#forward(prepared);
  }

  /** Exchanges weights and their averages, where those are kept. */
  swapAverage(): void {
    this.#average?.swap();
  }

  /** The weights of every head, by variable. */
  async read(): Promise<Map<string, Float32Array>[]> {
    const heads = this.#members.map(() => new Map<string, Float32Array>());
    for (const { variable: stacked } of this.#weights) {
      const values = await stacked.value.data<'float32'>();
      const size = values.length / heads.length;
      heads.forEach((head, s) => head.set(stacked.name, values.slice(s * size, (s + 1) * size)));
    }
    return heads;
  }

  /** Takes the weights from the members' own heads. */
  load(): void {
    this.#weights.forEach(({ variable: { value } }, i) => tidy(() => value.assign(this.#stacked(i))));
  }

  dispose(): void {
    this.#gradientStep.dispose();
    this.#updateStep.dispose();
    this.#forward.dispose();
    this.#optimiser.dispose();
    this.#average?.dispose();
    for (const { variable: stacked } of this.#weights) stacked.value.dispose();
  }

  /** The members' own values of a weight, `[heads, size]`. */
  #stacked(weight: number): Tensor2D {
    const own = this.#members.map(({ run }) => weightsOf(run.model.head)[weight]!.value);
    return reshape(stack(own), [own.length, -1]);
  }

  #shaped(): Record<string, Tensor> {
    return Object.fromEntries(
      this.#weights.map(({ variable: { name, value } }, i) => [
        name,
        reshape(value, [this.#members.length, ...this.#shapes[i]!]),
      ]),
    );
  }

  #outputs(prepared: Tensor2D | Tensor3D, weights: Tensors): Tensors {
    return partsOf(this.#members[0]!.run).forward(prepared, weights);
  }

  /** Head by head, in the sums of a head by itself: metrics jump where a label changes. */
  #outputsByHead(prepared: Tensor3D): Tensors[] {
    const weights = byHead(this.#shaped());
    return perHead(prepared).map((own, s) => this.#outputs(own as Tensor2D, weights[s]!));
  }

  #gradients({ prepared, targets }: StackedSamples, positions: Tensor1D, terms?: TermInputs): StackedGradients {
    const heads = this.#members.length;
    const batch = reshape<Rank.R3>(gather(prepared, positions), [heads, -1, prepared.shape[1]]);
    const truth = Object.fromEntries(Object.entries(targets).map(([name, all]) => [name, gather(all, positions)]));
    const lossesOf = () => {
      const weights = this.#shaped();
      return stackedLosses(this.#members, { outputs: this.#outputs(batch, weights), targets: truth, weights, terms });
    };
    const { value, grads } = valueAndGrads(lossesOf)(
      this.#weights.map(({ variable: { value } }) => value),
      ones([heads]),
    );
    const { clipNorm } = this.#members[0]!.phase.optimiser;
    const losses = value;
    return clipNorm === undefined
      ? { losses, gradients: grads }
      : { losses, gradients: grads, factor: clippingFactors(grads, clipNorm) as Scalar };
  }

  #positions(batches: readonly Uint32Array[]): Int32Array {
    const size = batches[0]!.length;
    const positions = new Int32Array(size * batches.length);
    batches.forEach((batch, s) =>
      batch.forEach((position, i) => (positions[s * size + i] = s * this.#samples + position)),
    );
    return positions;
  }

  #termInputs(step: number, steps: number): TermInputs | undefined {
    if (!this.#members[0]!.phase.losses?.length) return undefined;
    const seeds = this.#members.map(({ run }) => [...stepSeed(run.random.child('step', run.state.phase).child(step))]);
    return {
      seeds: tensor(seeds, [seeds.length, 2], 'int32'),
      progress: scalar(Math.min(step, steps - 1) / steps),
    };
  }
}

/** What each head's gradients are multiplied by to have a global norm of at most `limit`, `[heads, 1]`. */
function clippingFactors(gradients: readonly Tensor[], limit: number): Tensor {
  const norm = sqrt(addN(gradients.map((gradient) => sum(square(gradient), 1, true))));
  return minimum(div(limit, add(norm, 1e-6)), scalar(1));
}
