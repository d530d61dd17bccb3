/** Scores and truth of a classified split. */
export interface ClassificationEvidence {
  readonly labels: readonly string[];
  /** Row-major `[samples, classes]` probabilities. */
  readonly probabilities: Float32Array;
  /** Class index a sample. */
  readonly truth: Int32Array;
}

/** Evidence by kind; a plugin adds kinds by declaration merging. */
export interface EvidenceKinds {
  classification: ClassificationEvidence;
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
}
