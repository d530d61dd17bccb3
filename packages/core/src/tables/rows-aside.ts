import { basename } from 'node:path';
import type { PassedOver } from '../domains/reading-notes.ts';

/** So many of each kind are named. */
const SHOWN = 5;

/** Rows and lines of a table that are left aside while it is read, counted by what they are. */
export class RowsAside {
  readonly #kinds = new Map<string, { count: number; examples: string[] }>();

  /** @param path the table's file, whose name stands in the examples */
  constructor(private readonly path: string) {}

  add(what: string, line: number): void {
    const kind = this.#kinds.get(what) ?? { count: 0, examples: [] };
    this.#kinds.set(what, kind);
    if (kind.count++ < SHOWN) kind.examples.push(`${basename(this.path)}:${line}`);
  }

  get passedOver(): PassedOver[] {
    return Array.from(this.#kinds, ([what, { count, examples }]) => ({ what, count, examples }));
  }
}
