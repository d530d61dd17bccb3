/** How far probabilities are from hit rates (`ece`), and the log loss (`nll`). */
export interface CalibrationError {
  readonly ece: number;
  readonly nll: number;
}

/** The temperature that has become part of a model: its logits are those of training, divided by it. */
export interface Calibration {
  readonly method: 'temperature';
  readonly temperature: number;
  /** Validation samples that it was fitted on. */
  readonly samples: number;
  /** By split, without it and with it. */
  readonly splits: Readonly<Record<string, { readonly before: CalibrationError; readonly after: CalibrationError }>>;
}

/** How a model's probabilities become answers, as its user reads it. */
export interface Decision {
  /** By label: the probability from which it is given. */
  readonly thresholds?: Readonly<Record<string, number>>;
  /** There is no answer where the likeliest class is less likely than this. */
  readonly abstainBelow?: number;
}
