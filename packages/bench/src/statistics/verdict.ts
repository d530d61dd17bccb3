import type { Setting } from './settings.ts';

/** What a comparison of two methods comes to. */
export type VerdictKind =
  /** `a` beats `b`: the corrected p is below alpha. */
  | 'better'
  | 'worse'
  /** The difference is shown to lie within delta of none (two one-sided tests, corrected); such a difference counts as none. */
  | 'equivalent'
  /** Neither; `moreSeeds` says how many would probably decide it. */
  | 'undecided'
  /** Too few seeds for any verdict (under five, or no spread): the difference is given, and no p. */
  | 'too-few-seeds';

/** A verdict over seeds: training noise. What the test set's size adds stands apart in `items`. */
export interface Verdict {
  readonly a: string;
  readonly b: string;
  /** Where they were compared: source, train, adapt, test and shots as one text, and as they are. */
  readonly on: string;
  readonly at: Setting;
  readonly metric: string;
  readonly verdict: VerdictKind;
  /** Mean of a's scores minus b's over the seeds; null where no seed has both. */
  readonly difference: number | null;
  /** 95 % (1 - alpha) interval of it by itself, paired t over seeds; null where there are too few. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Of the paired t test, before and after Holm's correction in its family; null where there are too few seeds. */
  readonly p: number | null;
  readonly pCorrected: number | null;
  /** Of the two one-sided tests, after Holm's correction: small where the two are equivalent. */
  readonly pEquivalent: number | null;
  /** Of sign flips, exact and uncorrected: a check that supposes no distribution; null beyond thirty seeds, too. */
  readonly pExact: number | null;
  /** The comparisons that were corrected together. */
  readonly family: string;
  /** Hedges' g of the paired differences; null where there is no spread. */
  readonly effect: number | null;
  /** Pairs that were compared. */
  readonly seeds: number;
  /** Of `undecided`: how many more give a verdict with probability 0.8, if the difference and its spread are those observed. Of `too-few-seeds`: how many are missing. Absent where none would do. */
  readonly moreSeeds?: number;
  /** Sentences on what is particular: pairs left out, resampled splits, no spread. */
  readonly notes: readonly string[];
  /**
   * The noise of the test items, these models given: paired bootstrap over items of the seeds' mean difference, and McNemar's
   * exact p where items are right or wrong, each item counted once, for the method that has it right in more seeds.
   */
  readonly items?: {
    readonly interval: readonly [low: number, high: number];
    readonly p: number | null;
    readonly count: number;
  };
  /** Given where `b` is training from scratch or the probe: whether `a` is worse. */
  readonly negativeTransfer?: boolean;
}
