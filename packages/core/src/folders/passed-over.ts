import type { PassedOver } from '../domains/reading-notes.ts';

const EXAMPLES = 5;

/** Counts what is left aside, kind by kind, and keeps the first of each as examples. */
export class PassedOverTally {
  readonly #kinds = new Map<string, { count: number; examples: string[] }>();

  /** @param what the kind, in the plural */
  add(what: string, example: string, count = 1): void {
    const kind = this.#kinds.get(what) ?? { count: 0, examples: [] };
    kind.count += count;
    if (kind.examples.length < EXAMPLES) kind.examples.push(example);
    this.#kinds.set(what, kind);
  }

  count(what: string): number {
    return this.#kinds.get(what)?.count ?? 0;
  }

  /** What was counted of one kind; undefined where nothing was. */
  of(what: string): PassedOver | undefined {
    const kind = this.#kinds.get(what);
    return kind && { what, ...kind };
  }

  list(): PassedOver[] {
    return [...this.#kinds].map(([what, kind]) => ({ what, ...kind }));
  }
}
