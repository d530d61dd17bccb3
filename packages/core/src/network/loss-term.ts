import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { FeatureInfo } from './backbone.ts';
import type { Layer } from './layer.ts';
import type { ForwardMode } from './stage.ts';
import type { Tensors } from './tensors.ts';

/** What a loss term is computed from; whatever is named here is there when `value` is called. */
export interface LossNeeds {
  /** `false` where the value is of unlabelled samples alone: all that a strategy which is `sourceFree` can learn by. */
  readonly labelled?: false;
  /** Names of the backbone's features, each given as the tensor that its stage puts out. */
  readonly features?: readonly string[];
  /** The backbone's last feature as one vector per sample, `[batch, width]`; maps are averaged over their cells. */
  readonly embedding?: boolean;
  /** What the head puts out. */
  readonly outputs?: boolean;
  /** The weights of the model that train. */
  readonly weights?: boolean;
  /** With `weights`: their values in the source, where they come from one. */
  readonly sourceWeights?: boolean;
  /** What the source's own head, frozen as it was opened, says of the batch. */
  readonly teacher?: boolean;
  /** A number per sample that those of one label share; batches then hold at least two samples of each such label. */
  readonly groups?: boolean;
  /** Batches of unlabelled samples, with `features`, `embedding`, `outputs` and `teacher` of them as well. */
  readonly unlabelled?: boolean;
}

type Given<N extends LossNeeds, Need extends keyof LossNeeds, T> = N[Need] extends true ? T : undefined;

/** What a term is given of one batch. Tensors are constants to it, or lead back to the weights that train. */
export interface LossBatch<N extends LossNeeds = LossNeeds> {
  /** By the feature's name; the first axis is the batch. */
  readonly features: Tensors;
  /** `[batch, width]` */
  readonly embedding: Given<N, 'embedding', Tensor2D>;
  readonly outputs: Given<N, 'outputs', Tensors>;
  /** By the names of the source's own head. No gradient flows into them. */
  readonly teacher: Given<N, 'teacher', Tensors>;
}

/** A labelled batch: with the truth as the task encodes it. */
export interface LabelledLossBatch<N extends LossNeeds = LossNeeds> extends LossBatch<N> {
  readonly targets: Tensors;
  /** int32 `[batch]` */
  readonly groups: Given<N, 'groups', Tensor1D>;
}

/** An unlabelled batch: with what the phase derived for each sample (`Phase.derived`), if anything. */
export interface UnlabelledLossBatch<N extends LossNeeds = LossNeeds> extends LossBatch<N> {
  readonly derived: Tensors;
}

/** A weight that trains, as the step sees it. */
export interface LossWeight {
  readonly stage: string;
  /** `stage/variable`. */
  readonly name: string;
  /** Whether weight decay applies to it: true for kernels, false for biases and normalisation. */
  readonly decay: boolean;
  readonly value: Tensor;
  /** Its value in the source; absent for weights of the head, which has none. */
  readonly source?: Tensor;
}

/** Layers of a term's own, by name. */
export type LossLayers = Readonly<Record<string, Layer>>;

/** What a term's layers are built for. */
export interface LossLayerOptions {
  /** The backbone's features, by name. */
  readonly features: Readonly<Record<string, FeatureInfo>>;
  /** Numbers in `embedding`; 0 where the backbone's last feature is a sequence, which has none. */
  readonly embedding: number;
  readonly labels: readonly string[];
}

/** What `LossTerm.value` is computed from. */
export interface LossInputs<N extends LossNeeds = LossNeeds, L extends LossLayers = LossLayers> {
  readonly labelled: LabelledLossBatch<N>;
  readonly unlabelled: Given<N, 'unlabelled', UnlabelledLossBatch<N>>;
  readonly weights: Given<N, 'weights', readonly LossWeight[]>;
  /** The term's own layers. */
  readonly layers: L;
  /** For the forward passes of those layers: in training, with a stream of draws of the term's own. */
  readonly mode: ForwardMode;
  /** Scalar: the share of the phase's steps that are done, from 0 to below 1. For schedules inside the step. */
  readonly progress: Scalar;
}

/**
 * What a phase learns beside the task's loss, or in its place: a penalty on weights, a distance between features, what a
 * teacher says, adaptation to unlabelled samples. A strategy names terms in its phases (`Phase.losses`), a task may give
 * one for classes that are kept (`Task.keepClasses`). All terms of a step are computed from one forward pass per batch.
 */
export interface LossTerm<N extends LossNeeds = LossNeeds, L extends LossLayers = LossLayers> {
  /** Unique among the terms of a run. In a checkpoint, the term's layers are found by it. */
  readonly name: string;
  readonly needs: N;
  /** True where the value takes the place of the task's loss, which is then not computed; one term per phase may. */
  readonly replacesTaskLoss?: boolean;
  /**
   * With `replacesTaskLoss`: true where samples and classes count in the value what they are to count in the task's loss
   * (weights of samples, `LossOptions.classWeights`). A run that asks for weights is warned of a phase where they do not.
   */
  readonly weighed?: boolean;
  /**
   * Layers of the term's own (a bottleneck, a discriminator, a second head), which the phase's optimiser trains. They are
   * built and drawn once per run and live on from phase to phase; averages and checkpoints hold them, the saved
   * model does not.
   */
  layers?(options: LossLayerOptions): L;
  /** What the phase's learning rate is multiplied by for those layers; 1 where absent. */
  readonly rateMultiplier?: number;
  /**
   * The term's value, with its weight in the sum. Called inside the step, which may be recorded once and replayed:
   * it reads no tensor's values and draws by `mode.random` only.
   */
  value(inputs: LossInputs<N, L>): Scalar;
}

/** Declares a term, so that `value` and `layers` are typed by what it needs. */
export function lossTerm<const N extends LossNeeds, L extends LossLayers = LossLayers>(term: LossTerm<N, L>): LossTerm {
  return term;
}

/** The name of a term's layers among the stages that a phase trains: what their variables' names begin with. */
export function lossStage({ name }: Pick<LossTerm, 'name'>): string {
  return `loss:${name}`;
}
