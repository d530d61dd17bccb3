import type { Setting } from '../statistics/settings.ts';

/** What can be gained. */
export type GainKind =
  /** Fewer training samples to reach what the other reaches with all of its own. */
  | 'samples'
  /** Fewer epochs until the validation score that the other ends with; and seconds of training for them. */
  | 'epochs'
  | 'seconds'
  /** A smaller gap between training and test score. */
  | 'gap'
  /** A higher test score, with the most samples that both were trained on. */
  | 'score';

/** A quantity over seeds. */
export interface Amount {
  /** Null where nothing can be said: seeds that are bounded from either side. */
  readonly value: number | null;
  /** Student's t over seeds, of logarithms where it is a factor or a count; null for a bound and for fewer than five seeds. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Given where some seeds reach the score beyond what was run, or before: the value bounds their mean. */
  readonly bound?: 'more-than' | 'at-most';
}

/** What a transfer gains against another way, paired by seed; an estimate, not a verdict. */
export interface Gain {
  readonly kind: GainKind;
  readonly a: string;
  readonly b: string;
  /** Source, train, adapt and test as one text, and as they are; `shots` of the cells compared, the largest for samples. */
  readonly on: string;
  readonly at: Setting;
  readonly metric: string;
  /** Of a factor 1 is no gain, of a difference 0. */
  readonly scale: 'factor' | 'difference';
  /** How many times fewer a needs than b; or a's score, or gap, less b's. */
  readonly gain: Amount;
  /** What each needs, or has. Geometric means of what is a count. */
  readonly ofA: Amount;
  readonly ofB: Amount;
  readonly seeds: number;
  /** Seeds in which `a` reached the score at all; of samples, epochs and seconds. */
  readonly reached?: number;
}
