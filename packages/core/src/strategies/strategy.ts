import type { UsualTraining } from '../options/training-length.ts';
import type { LossTerm } from '../network/loss-term.ts';
import type { HostTensors, TensorSpecs } from '../network/tensors.ts';
import type { StoredValue } from '../network/variable-values.ts';
import type { AdapterPlan } from '../network/adapters.ts';
import type { StageInfo } from '../network/head.ts';
import type { Backbone, TuningAdvice } from '../network/backbone.ts';
import type { EncodedSamples } from '../data/encoder.ts';
import type { Truth } from '../domains/altered-sample.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { WantedBottleneck } from '../network/bottleneck.ts';

/** What the user allows: strategies spread it over their phases. */
export interface Budget {
  readonly epochs: number;
  /** Steps that an epoch has, where that is known: phases that do not count as budget are as long as it takes. */
  readonly stepsPerEpoch?: number;
  /** The head's peak learning rate; the strategy's own where absent. */
  readonly learningRate?: number;
  readonly weightDecay?: number;
}

/** How the weights of a phase are moved: AdamW (Loshchilov and Hutter, 2019), or SGD with Nesterov momentum. */
export interface OptimiserPlan {
  readonly kind: 'adamw' | 'sgd';
  /** Peak learning rate; each stage multiplies it by its rate multiplier. */
  readonly learningRate: number;
  /** On variables with `decay`: decoupled for AdamW (Loshchilov and Hutter, 2019), added to the gradient for SGD. */
  readonly weightDecay: number;
  /** Largest global gradient norm; gradients beyond it are scaled down. */
  readonly clipNorm?: number;
}

/** How the learning rate goes over the steps of a phase: up to its peak, then as `decay` says. */
export interface SchedulePlan {
  /** Share of the phase's steps over which the rate rises linearly from zero. */
  readonly warmup: number;
  readonly decay: 'cosine' | 'constant';
}

/**
 * Targets of the unlabelled samples that a phase makes of what the model says of them: the model as it stands is run over
 * every unlabelled sample, and what `derive` makes of its outputs is given to the phase's terms, batch by batch, and
 * kept with checkpoints. The phase's structure does not depend on them: it is known, and checked, before the first step.
 */
export interface DerivedTargets {
  /**
   * Epochs of the phase, from 0, rising, at whose beginnings the targets are made anew; before the first of them there are zeros in their place. When
   * the phase begins, and then no more, where absent.
   */
  readonly epochs?: readonly number[];
  /** Names and shapes of the targets, without the batch axis; float32. */
  specs(labels: readonly string[]): TensorSpecs;
  /** Whether `derive` takes the samples' embeddings as well. */
  readonly embeddings?: boolean;
  /** Whether `derive` is called batch by batch, for outputs that are too large to be held of all samples at once. */
  readonly byBatch?: boolean;
  /** @returns per name, the samples' values one after another, in the order of the outputs' rows */
  derive(given: DerivedFrom): HostTensors;
  /**
   * What of the derived is the truth of a sample from then on: batches show the views of it that the task's encoder gives, altered
   * by the augmentation, and the phase's terms are given the encoder's targets in place of the derived ones.
   */
  truth?(sample: Sample, values: HostTensors): Truth;
  /** What was made of all samples, in a few words: "214 of 617 samples, of 9 of 10 classes". */
  summary?(values: HostTensors, labels: readonly string[]): string;
  /** What the user is to know of the targets of all samples, as sentences; nothing where all is well. */
  remark?(values: HostTensors, labels: readonly string[]): string | undefined;
}

/** What the model says of the unlabelled samples when targets are made of it, or of a batch of them. */
export interface DerivedFrom {
  readonly labels: readonly string[];
  readonly samples: number;
  /** The head's outputs, by name: `shape` is `[samples, …]`, `data` row-major. */
  readonly outputs: Readonly<Record<string, StoredValue>>;
  /** The backbone's last feature of each sample, `[samples, width]`, where `embeddings` asks for it. */
  readonly embeddings?: StoredValue;
  /** The samples that the rows are of, and how they were encoded; given wherever there is a run. */
  readonly encoded?: EncodedSamples;
}

/** A part of a run in which the same stages train. */
export interface Phase {
  readonly name: string;
  readonly epochs: number;
  /** Trainable stages with what the phase's learning rate is multiplied by for each; every other stage is frozen. */
  readonly trainable: Readonly<Record<string, number>>;
  readonly optimiser: OptimiserPlan;
  readonly schedule: SchedulePlan;
  /** What is learned beside the task's loss, or in its place. */
  readonly losses?: readonly LossTerm[];
  /**
   * Share of each label that is spread over all classes (Szegedy et al., 2016), where samples are of one of several and the
   * request asks for none; none where absent.
   */
  readonly labelSmoothing?: number;
  /** Targets that are made of what the model says of the unlabelled samples, such as pseudo-labels. */
  readonly derived?: DerivedTargets;
  /**
   * Trains low-rank adapters of the trainable stages' weight matrices, and nothing else of the backbone. Goes
   * for all phases of a strategy that train the backbone, with one plan; terms that look at weights know nothing of adapters.
   */
  readonly adapters?: AdapterPlan;
  /** Trains nothing of the trainable stages but the scale and the shift of batch norms; see `ModelVariable.batchNorm`. */
  readonly only?: 'batch-norm';
  /**
   * Whether trained stages normalise by batches and move their averages. False for weights from a
   * source: its averages come from far more data than the target has, and a head that was fitted to
   * features normalised by them would meet others (what batch norm does differs in training). A list names
   * the stages that do; of a phase with unlabelled samples, averages are those of the latter.
   */
  readonly batchStatistics: boolean | readonly string[];
  /** Fit the head's feature statistics before the phase (whole backbone frozen). */
  readonly fitHead?: boolean;
}

/** How knowledge is carried over: which stages train when, at what rate, under which regulariser. */
export interface Strategy {
  readonly id: string;
  readonly description: string;
  /** `source` starts from published weights, `random` draws fresh ones for every stage. */
  readonly start: 'source' | 'random';
  /** What serves most users; a request overrides it. */
  readonly defaults: UsualTraining;
  /** The policy that it alters samples by where none is asked for and the task has it; the task's own where absent. */
  readonly augmentation?: string;
  /**
   * Puts a stage of new weights, `BOTTLENECK`, between the backbone and the head, unless the source has it from being trained so: its output is
   * the `embedding` of loss terms. For tasks that classify by the backbone's last feature. The saved model has it.
   */
  readonly bottleneck?: WantedBottleneck;
  /**
   * Learns from unlabelled samples alone, which are then the target: starts from a model that was trained on labelled ones, and keeps
   * its classes and its head. Its phases have loss terms of unlabelled samples only (`LossNeeds.labelled`), and none of the task's loss.
   */
  readonly sourceFree?: boolean;
  /**
   * @param stages the backbone's stages, input first; the head is `HEAD`
   * @param tuning rates that suit the backbone's architecture, where it has a say in them
   * @param backbone for loss terms of features by their names; given wherever there is a run
   */
  plan(stages: readonly StageInfo[], budget: Budget, tuning?: TuningAdvice, backbone?: Backbone): readonly Phase[];
  /**
   * The strategy with what follows a colon after its id: `lora:8`. Its id is then the whole name.
   * @throws HeadstartError `invalid-option`
   */
  withOptions?(options: string): Strategy;
}
