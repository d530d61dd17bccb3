import type { Draw } from './draw.ts';
import type { System } from './system.ts';

/** The files of an input by their paths in its folder, `/` between the parts. */
export type Files = ReadonlyMap<string, Uint8Array | string>;

/** Inputs of one kind, and what reads them. */
export interface Family {
  readonly name: string;
  /** Inputs that are as they should be: reading them is to succeed. What is altered is made of such. */
  valid(system: System): Promise<readonly Files[]> | readonly Files[];
  /** Files that no input lacks, where there are such: without one of them there is nothing to read. */
  readonly needs?: readonly string[];
  /** An input: a valid one that was altered, or one made up. The same draws give the same input. */
  make(draw: Draw, system: System): Promise<Files> | Files;
  /** Reads an input as its user would, all of it. Every error but one with a code is a fault. */
  read(folder: string, system: System): Promise<unknown>;
}

/** What became of an input. */
export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'no code'; readonly message: string }
  | { readonly kind: 'hang' | 'memory' | 'crash'; readonly message: string };
