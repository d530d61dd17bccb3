import { add, dispose, mul, relu, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { dropout } from '../random/dropout.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Backbone, FeatureInfo } from './backbone.ts';
import { headFeature, pooledFeature } from './head-feature.ts';
import { BatchNorm } from './layers/batch-norm.ts';
import { Dense } from './layers/dense.ts';
import { heNormal } from './layers/initialisers.ts';
import { usesBatchStatistics, type ForwardMode, type ModelVariable, type Stage } from './stage.ts';
import type { Tensors } from './tensors.ts';
import { withMembers } from './with-members.ts';

/** The name of a bottleneck among the stages, and of the feature that it gives. */
export const BOTTLENECK = 'bottleneck';

/** A layer between a backbone and its head, in which domains are brought together. */
export interface BottleneckPlan {
  /** Numbers that it gives per sample. */
  readonly width: number;
  /** Share of them that training drops; from 0 to below 1. */
  readonly dropout: number;
}

/**
 * The stage between a backbone and its head that adaptation by features works on: the last feature as one vector, a dense layer,
 * batch norm, ReLU and dropout, as in the authors' code of CDAN and SHOT and in TLlib. `[batch, width]`.
 */
export class Bottleneck implements Stage {
  readonly name = BOTTLENECK;
  readonly variables: readonly ModelVariable[];
  readonly #feature: FeatureInfo;
  readonly #dense: Dense;
  readonly #norm: BatchNorm;

  /** @throws HeadstartError `not-supported` for a backbone whose last feature is neither vector nor map */
  constructor(
    backbone: Backbone,
    readonly plan: BottleneckPlan,
  ) {
    this.#feature = headFeature(backbone);
    const inputs = this.#feature.shape.at(-1)!;
    const { width } = plan;
    this.#dense = new Dense({ name: 'dense', inputs, outputs: width, initialiser: heNormal(inputs) });
    this.#norm = new BatchNorm({ name: 'norm', channels: width, epsilon: 1e-5, momentum: 0.1 });
    this.variables = [...this.#dense.variables, ...this.#norm.variables];
  }

  forward(inputs: Tensors, mode: ForwardMode): Tensors {
    const projected = this.#dense.forward(pooledFeature(this.#feature, inputs), mode);
    const features = relu(this.#normalised(projected, mode));
    const dropped = mode.training && mode.random ? dropout(features, this.plan.dropout, mode.random) : features;
    return { [BOTTLENECK]: dropped };
  }

  initialise(random: RandomStream): void {
    this.#dense.initialise(random.child('dense'));
    this.#norm.initialise();
  }

  /** Its dense layer and batch norm as one affine function, by the moving averages: what it computes is `relu(x kernel + bias)`. */
  async folded(): Promise<FoldedBottleneck> {
    const { kernel, bias } = tidy(() => {
      const { scale, shift } = this.#norm.affine();
      const { kernel: weights, bias: offset } = this.#dense;
      return { kernel: mul(weights.value, scale), bias: add(mul(offset.value, scale), shift) };
    });
    try {
      return { kernel: await kernel.data<'float32'>(), bias: await bias.data<'float32'>() };
    } finally {
      dispose([kernel, bias]);
    }
  }

  #normalised(x: Tensor, mode: ForwardMode): Tensor {
    return usesBatchStatistics(mode) ? this.#norm.train(x, mode) : this.#norm.infer(x);
  }
}

/** What a trained bottleneck does to a feature, for exports: `relu(x kernel + bias)`. */
export interface FoldedBottleneck {
  /** `[inputs, width]`, row-major. */
  readonly kernel: Float32Array;
  /** `[width]` */
  readonly bias: Float32Array;
}

/** What the bottleneck of a backbone comes to after training; undefined for a backbone without one. */
export async function foldedBottleneck(backbone: Pick<Backbone, 'stages'>): Promise<FoldedBottleneck | undefined> {
  return bottleneckOf(backbone)?.folded();
}

/** The bottleneck of a backbone that has one. */
export function bottleneckOf({ stages }: Pick<Backbone, 'stages'>): Bottleneck | undefined {
  return stages.find((stage) => stage instanceof Bottleneck);
}

/**
 * The backbone with a bottleneck as its last stage, whose output is the feature that heads take; as it is where it has one. The source's own
 * head, which takes another feature, is gone.
 * @param random draws its weights; they are left at zero without it
 * @throws HeadstartError `not-supported` for a backbone whose last feature is neither vector nor map
 */
export function withBottleneck(backbone: Backbone, plan: BottleneckPlan, random?: RandomStream): Backbone {
  if (bottleneckOf(backbone)) return backbone;
  const stage = new Bottleneck(backbone, plan);
  if (random) stage.initialise(random);
  return withMembers(backbone, {
    stages: [...backbone.stages, stage],
    features: [
      ...backbone.features,
      { name: BOTTLENECK, stage: BOTTLENECK, tensor: BOTTLENECK, shape: [plan.width], kind: 'vector' },
    ],
    sourceHead: undefined,
    dispose() {
      for (const { value } of stage.variables) value.dispose();
      backbone.dispose();
    },
  });
}
