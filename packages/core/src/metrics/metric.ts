import type { Resampled } from './resampling.ts';

/** Scores and truth of a classified split. */
export interface ClassificationEvidence {
  readonly labels: readonly string[];
  /** Row-major `[samples, classes]` probabilities. */
  readonly probabilities: Float32Array;
  /** Class index per sample. */
  readonly truth: Int32Array;
  /** Set where samples of whose likeliest class the probability is lower get no answer. */
  readonly abstainBelow?: number;
}

/** Scores and truth of a split whose samples carry any number of labels. */
export interface MultiLabelEvidence {
  readonly labels: readonly string[];
  /** Row-major `[samples, labels]`: how likely each label is, for itself. */
  readonly probabilities: Float32Array;
  /** Row-major `[samples, labels]`: 1 where the sample carries the label, else 0. */
  readonly truth: Uint8Array;
  /** From which probability each label is given; one half where absent. */
  readonly thresholds?: readonly number[];
}

/** One predicted and one true number per sample. */
export interface ScoreEvidence {
  /** `order` where the two are on scales of their own, so that only their order says something; `value` where absent. */
  readonly compared?: 'value' | 'order';
  readonly predicted: Float32Array;
  readonly truth: Float32Array;
}

/** How far down the list of candidates each query finds its own: 0 at the top. */
export interface RetrievalEvidence {
  readonly ranks: Int32Array;
  /** 1 for each sample that is a query, in the order of the ranks, else 0; absent where every sample is one. */
  readonly asked?: Uint8Array;
}

/** Evidence by kind; a plugin adds kinds by declaration merging. */
export interface EvidenceKinds {
  classification: ClassificationEvidence;
  'multi-label': MultiLabelEvidence;
  scores: ScoreEvidence;
  retrieval: RetrievalEvidence;
}

/** Evidence with its kind, as an evaluator hands it out. */
export type Evidence = {
  [Kind in keyof EvidenceKinds]: { readonly kind: Kind; readonly evidence: EvidenceKinds[Kind] };
}[keyof EvidenceKinds];

/** A number computed over a split by every task that yields this kind of evidence. */
export interface Metric<Kind extends keyof EvidenceKinds = keyof EvidenceKinds> {
  readonly id: string;
  readonly kind: Kind;
  readonly description: string;
  /** Whether the number says anything about this evidence (top-5 of three classes does not); always where absent. */
  applies?(evidence: EvidenceKinds[Kind]): boolean;
  compute(evidence: EvidenceKinds[Kind]): number;
  /** The number of resamples of the evidence, for its confidence interval; it has none where absent. */
  resampled?(evidence: EvidenceKinds[Kind]): Resampled;
}
