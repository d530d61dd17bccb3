import type { Selection } from '../options/criteria.ts';

/** What each way to choose an epoch would have kept of a phase that adapts to unlabelled samples. */
export interface PhaseSelection {
  readonly phase: string;
  /** The way that was taken. */
  readonly by: Selection;
  /** By way: the epoch, from 1, and its value; of ways that cannot tell the epochs apart, nothing. */
  readonly would: Readonly<Partial<Record<Selection, WouldKeep>>>;
  /** How good the epochs were on the test domain, where labels of it were given: looked at once the choice was made. */
  readonly judged?: JudgedEpochs;
}

/** The epoch that a way to choose would have kept. */
export interface WouldKeep {
  /** From 1, within the phase. */
  readonly epoch: number;
  /** Its value by that way, where that is a number. */
  readonly value?: number;
  /** Its accuracy on the test domain, where labels of it were given. */
  readonly accuracy?: number;
}

/** An epoch and its accuracy on the test domain. */
export interface JudgedEpoch {
  /** From 1, within the phase. */
  readonly epoch: number;
  readonly accuracy: number;
}

/** How good each epoch of a phase was on labelled samples of the test domain. */
export interface JudgedEpochs {
  /** The data set, and how many samples of it. */
  readonly on: string;
  readonly samples: number;
  /** Whether these stayed out of the samples that were adapted to (inductive), or some are among them. */
  readonly setting: 'inductive' | 'transductive';
  /** Of every epoch, in order. */
  readonly accuracies: readonly number[];
  /** The epoch that was kept. */
  readonly kept: JudgedEpoch;
  /** The best epoch, the first of those that are alike: what no choice without labels of the test domain can surpass. */
  readonly oracle: JudgedEpoch;
  /** How much the kept epoch's accuracy is below the oracle's. */
  readonly regret: number;
}
