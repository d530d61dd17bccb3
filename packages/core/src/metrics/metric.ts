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

/** A number computed over a split by every task that yields this kind of evidence. */
export interface Metric<Kind extends keyof EvidenceKinds = keyof EvidenceKinds> {
  readonly id: string;
  readonly kind: Kind;
  readonly description: string;
  compute(evidence: EvidenceKinds[Kind]): number;
}
