import type { Stage } from './stage.ts';
import type { TensorSpecs } from './tensors.ts';

/** An output of a stage that a head can be put on. */
export interface FeatureInfo {
  readonly name: string;
  /** The stage that produces it. */
  readonly stage: string;
  /** The name of the tensor among that stage's outputs. */
  readonly tensor: string;
  /** Shape without the batch axis: `[channels]` for a vector, `[height, width, channels]` for a map. */
  readonly shape: readonly number[];
  readonly kind: 'vector' | 'map' | 'sequence';
  /** Input pixels per cell of a feature map. */
  readonly stride?: number;
}

/** What a backbone takes. `preprocessing` is plain JSON: it is part of the feature store's key. */
export interface InputSpec<Preprocessing = unknown> {
  readonly tensors: TensorSpecs;
  readonly preprocessing: Preprocessing;
}

/** The classifier that the source was published with. */
export interface SourceHead {
  readonly stage: Stage;
  readonly labels?: readonly string[];
}

/** What suits an architecture when its published weights are carried over. */
export interface TuningAdvice {
  /** Peak learning rate of the backbone's last stage. */
  readonly learningRate: number;
  /** Peak learning rate of a head that is trained beside it. */
  readonly headLearningRate: number;
  /** Weight of half the squared kernel of a head of two classes in the loss of a linear probe, in place of weight decay; less with more classes. */
  readonly probePenalty?: number;
  /**
   * Share of each label that is spread over all classes while the network trains on which of several classes a sample is of,
   * unless one is asked for; none where absent.
   */
  readonly labelSmoothing?: number;
  /** Ends of the names of the weights that low-rank adapters serve best; every weight matrix where absent. */
  readonly adapted?: readonly string[];
}

/** A pretrained network as an ordered list of stages. */
export interface Backbone<Preprocessing = unknown> {
  /** Names the function that is computed, weights apart; changes when the architecture's code does. */
  readonly architecture: string;
  readonly input: InputSpec<Preprocessing>;
  readonly stages: readonly Stage[];
  /** In order of depth; heads take the last one unless they ask for others. */
  readonly features: readonly FeatureInfo[];
  readonly sourceHead?: SourceHead;
  /** For strategies that train the backbone; absent where their own rates suit. */
  readonly tuning?: TuningAdvice;
  /** Files that a saved model needs to be built again without its source (a graph's topology). */
  readonly assets?: Readonly<Record<string, Uint8Array>>;
  dispose(): void;
}
