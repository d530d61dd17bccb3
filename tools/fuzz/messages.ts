import type { Outcome } from './family.ts';

/** To a child: makes the input of a family by a seed in a folder, or takes what lies there, and reads it. */
export interface Ask {
  readonly family: string;
  /** Absent where the folder has the input already. */
  readonly seed?: number;
  readonly folder: string;
}

/** From a child. */
export type Answer =
  /** It is ready to be asked. */
  | { readonly kind: 'ready' }
  /** The input is there, and is read from now on. */
  | { readonly kind: 'reading' }
  /** Making the input failed. */
  | { readonly kind: 'not made'; readonly message: string }
  /** What became of it, and the most memory that the process has had, in bytes. */
  | { readonly kind: 'done'; readonly outcome: Outcome; readonly peak: number };
