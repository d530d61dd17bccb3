import {
  add,
  div,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  variable,
  zeros,
  minimum,
  addN,
  type Scalar,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { OptimiserPlan } from '../strategies/strategy.ts';
import type { ModelVariable } from '../network/stage.ts';
import { averageDecay } from './average-decay.ts';

/** A weight to be trained, what it multiplies the learning rate by, and its unique name. */
export interface Trainable {
  readonly name: string;
  readonly stage: string;
  readonly variable: ModelVariable;
  readonly rateMultiplier: number;
  /** Of a loss term's layers, and no weight of the model. */
  readonly auxiliary?: boolean;
  /** For a factor of a weight: the weight, which the network uses, and the factor's gradient from that in it. */
  readonly factorOf?: { readonly weight: Variable; readonly gradient: (ofWeight: Tensor) => Tensor };
}

/** The numbers that change from step to step; they enter the step as tensors, so that it can be captured. */
export type StepRates = Readonly<Record<'learningRate' | 'firstCorrection' | 'secondCorrection' | 'emaDecay', Tensor>>;

export const BETA1 = 0.9;
export const BETA2 = 0.999;
const EPSILON = 1e-8;
const MOMENTUM = 0.9;

/**
 * What a step takes; the caller disposes of it.
 * @param step from 0 within the phase
 * @param learningRate a scalar, or what can be broadcast over every weight
 */
export function ratesAt(step: number, learningRate: Tensor, ema: number | undefined): StepRates {
  return {
    learningRate,
    firstCorrection: scalar(1 / (1 - BETA1 ** (step + 1))),
    secondCorrection: scalar(1 / (1 - BETA2 ** (step + 1))),
    emaDecay: scalar(ema === undefined ? 0 : averageDecay(ema, step)),
  };
}

/** Updates weights from gradients; its slots are variables, kept with a checkpoint. */
export interface Optimiser {
  /** Slot variables by name. */
  readonly slots: ReadonlyMap<string, Variable>;
  /** Call inside `tf.tidy`. */
  apply(gradients: readonly Tensor[], rates: StepRates): void;
  dispose(): void;
}

export function createOptimiser(plan: OptimiserPlan, weights: readonly Trainable[]): Optimiser {
  return plan.kind === 'sgd' ? sgd(plan, weights) : adamW(plan, weights);
}

/**
 * AdamW: m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², w ← w - η(m̂/(√v̂ + ε) + λw) with bias-corrected
 * m̂ = m/(1-β₁ᵗ), v̂ = v/(1-β₂ᵗ) (Kingma and Ba, 2015; Loshchilov and Hutter, 2019).
 */
function adamW(plan: OptimiserPlan, weights: readonly Trainable[]): Optimiser {
  const slots = createSlots(weights, ['m', 'v']);
  return {
    slots,
    apply(gradients, rates) {
      weights.forEach(({ name, rateMultiplier, variable: { value, decay } }, i) => {
        const m = slots.get(`m/${name}`)!;
        const v = slots.get(`v/${name}`)!;
        const g = gradients[i]!;
        m.assign(add(mul(m, BETA1), mul(g, 1 - BETA1)));
        v.assign(add(mul(v, BETA2), mul(square(g), 1 - BETA2)));
        let direction: Tensor = div(mul(m, rates.firstCorrection), add(sqrt(mul(v, rates.secondCorrection)), EPSILON));
        if (decay && plan.weightDecay > 0) direction = add(direction, mul(value, plan.weightDecay));
        value.assign(sub(value, mul(direction, mul(rates.learningRate, rateMultiplier))));
      });
    },
    dispose: () => disposeAll(slots),
  };
}

/** SGD with Nesterov momentum: u ← μu + g + λw, w ← w - η(g + λw + μu) (Sutskever et al., 2013). */
function sgd(plan: OptimiserPlan, weights: readonly Trainable[]): Optimiser {
  const slots = createSlots(weights, ['u']);
  return {
    slots,
    apply(gradients, rates) {
      weights.forEach(({ name, rateMultiplier, variable: { value, decay } }, i) => {
        const u = slots.get(`u/${name}`)!;
        const g = decay && plan.weightDecay > 0 ? add(gradients[i]!, mul(value, plan.weightDecay)) : gradients[i]!;
        u.assign(add(mul(u, MOMENTUM), g));
        value.assign(sub(value, mul(add(g, mul(u, MOMENTUM)), mul(rates.learningRate, rateMultiplier))));
      });
    },
    dispose: () => disposeAll(slots),
  };
}

/** What gradients are multiplied by to have a global norm of at most `limit`: 1 or less (Pascanu et al., 2013). */
export function clippingFactor(gradients: readonly Tensor[], limit: number): Scalar {
  return clipNormTo(globalNorm(gradients), limit);
}

/** The norm of all gradients together. */
export function globalNorm(gradients: readonly Tensor[]): Scalar {
  return sqrt(addN(gradients.map((gradient) => sum(square(gradient)))));
}

/** What something of this norm is to be multiplied by for its norm to be at most `limit`. */
export function clipNormTo(norm: Scalar, limit: number): Scalar {
  return minimum(div(limit, add(norm, 1e-6)), scalar(1));
}

function createSlots(weights: readonly Trainable[], kinds: readonly string[]): Map<string, Variable> {
  const slots = new Map<string, Variable>();
  for (const kind of kinds) {
    for (const {
      name,
      variable: { value },
    } of weights) {
      const initial = zeros(value.shape);
      slots.set(`${kind}/${name}`, variable(initial, false));
      initial.dispose();
    }
  }
  return slots;
}

function disposeAll(slots: ReadonlyMap<string, Variable>): void {
  for (const slot of slots.values()) slot.dispose();
}
