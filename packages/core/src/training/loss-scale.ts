import {
  add,
  div,
  greaterEqual,
  isFinite,
  logicalAnd,
  logicalNot,
  minimum,
  mul,
  scalar,
  tidy,
  variable,
  where,
  zerosLike,
  type Scalar,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import { clipNormTo, globalNorm } from './optimiser.ts';

const START = 2 ** 15;
const MOST = 2 ** 24;
/** Good steps after which a larger scale is tried. */
const PATIENCE = 2000;

/**
 * Dynamic loss scaling (Micikevicius et al., 2018, "Mixed precision training", section 3.2): float16
 * has no numbers below 6e-8, where small gradients vanish, so the loss is multiplied before the
 * backward pass and the gradients are divided after it. A step whose gradients are not finite is left
 * out and the scale halved; after 2,000 good steps it is doubled. Powers of two round nothing.
 *
 * All of it is tensors inside the step, so that a step can be captured; the state is two variables.
 */
export class LossScale {
  /** `scale`, and `good`: the steps since the scale last changed. */
  readonly slots: ReadonlyMap<string, Variable>;
  readonly #scale: Variable;
  readonly #good: Variable;

  constructor() {
    this.#scale = fresh(START);
    this.#good = fresh(0);
    this.slots = new Map([
      ['scale', this.#scale],
      ['good', this.#good],
    ]);
  }

  /** The scale as a tensor. Below 1 no loss can be scaled any further: the gradients are not finite in themselves. */
  get scale(): Scalar {
    return this.#scale as never;
  }

  /**
   * What gradients of a scaled loss are to be multiplied by, and whether they can be used.
   * @param clipNorm the largest norm of the gradients proper
   */
  factorFor(gradients: readonly Tensor[], clipNorm: number | undefined): { factor: Scalar; finite: Scalar } {
    const norm = div<Scalar>(globalNorm(gradients), this.#scale);
    const clip = clipNorm === undefined ? scalar(1) : clipNormTo(norm, clipNorm);
    return { factor: div(clip, this.#scale), finite: isFinite(norm) };
  }

  /** Moves the scale after a step. @param finite whether its gradients were */
  update(finite: Tensor): void {
    const good = add(this.#good, 1);
    const full = greaterEqual(good, PATIENCE);
    const next = where(full, minimum(mul(this.#scale, 2), MOST), this.#scale);
    this.#scale.assign(where(finite, next, mul(this.#scale, 0.5)));
    this.#good.assign(where(logicalAnd(finite, logicalNot(full)), good, zerosLike(good)));
  }

  dispose(): void {
    for (const slot of this.slots.values()) slot.dispose();
  }
}

/** Runs work that assigns variables, and undoes what it assigned where the condition does not hold. */
export function keepOnlyIf<T>(condition: (result: T) => Tensor, variables: readonly Variable[], work: () => T): T {
  const before = variables.map((value) => value.clone());
  const result = work();
  const holds = condition(result);
  variables.forEach((value, i) => value.assign(where(holds, value, before[i]!)));
  return result;
}

function fresh(value: number): Variable {
  return tidy(() => variable(scalar(value), false));
}
