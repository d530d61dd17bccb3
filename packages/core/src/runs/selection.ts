import type { Selection } from '../options/criteria.ts';

/** What each way to choose an epoch would have kept of a phase that adapts to unlabelled samples. */
export interface PhaseSelection {
  readonly phase: string;
  /** The way that was taken. */
  readonly by: Selection;
  /** By way: the epoch, from 1, and its value; of ways that cannot tell the epochs apart, nothing. */
  readonly would: Readonly<Partial<Record<Selection, { readonly epoch: number; readonly value?: number }>>>;
}
