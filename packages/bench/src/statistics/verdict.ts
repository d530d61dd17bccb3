/** What a comparison of two methods comes to. */
export type VerdictKind =
  /** `a` beats `b`: the corrected p is below alpha. */
  | 'better'
  | 'worse'
  /** The interval of the difference lies within delta of none (two one-sided tests). */
  | 'equivalent'
  /** Neither; `moreSeeds` says how many would decide it. */
  | 'undecided'
  /** Too few seeds for any verdict (under five, or no spread): the difference is given, and no p. */
  | 'too-few-seeds';

/** A verdict over seeds: training noise. What the test set's size adds stands apart in `items`. */
export interface Verdict {
  readonly a: string;
  readonly b: string;
  /** Where they were compared: source, train, adapt, test and shots as one text. */
  readonly on: string;
  readonly metric: string;
  readonly verdict: VerdictKind;
  /** Mean of a's scores minus b's over the seeds. */
  readonly difference: number;
  /** 95 % (1 - alpha) interval of it, paired t over seeds; null where there are too few. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Of the paired t test, before and after Holm's correction in its family; null where there are too few seeds. */
  readonly p: number | null;
  readonly pCorrected: number | null;
  /** The comparisons that were corrected together. */
  readonly family: string;
  /** Hedges' g of the paired differences; null where there is no spread. */
  readonly effect: number | null;
  readonly seeds: number;
  readonly moreSeeds?: number;
  /** The noise of the test items: paired bootstrap over items of the seeds' mean difference, and McNemar's exact p per seed pooled where items are right or wrong. */
  readonly items?: {
    readonly interval: readonly [low: number, high: number];
    readonly p: number | null;
    readonly count: number;
  };
  /** Given where `b` is training from scratch or the probe, and `a` is worse. */
  readonly negativeTransfer?: boolean;
}
