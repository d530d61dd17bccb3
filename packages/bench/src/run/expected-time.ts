import type { Unit } from './unit.ts';
import type { UnitReport } from './work.ts';

/** What units are expected to take, from those that were done: of the same kind, else of all. */
export class ExpectedTime {
  readonly #kinds = new Map<string, { seconds: number; trials: number }>();
  readonly #all = { seconds: 0, trials: 0 };
  readonly #memory = new Map<string, number>();

  add({ kind, trials }: Unit, { cells }: UnitReport, seconds: number): void {
    if (cells.length === 0) return;
    const known = this.#kinds.get(kind) ?? { seconds: 0, trials: 0 };
    for (const sum of [known, this.#all]) {
      sum.seconds += seconds;
      sum.trials += trials.length;
    }
    this.#kinds.set(kind, known);
    this.#memory.set(kind, Math.max(this.#memory.get(kind) ?? 0, ...cells.map(({ memory }) => memory)));
  }

  /** Seconds of one hand; undefined before anything was done. */
  of({ kind, trials }: Unit): number | undefined {
    const { seconds, trials: count } = this.#kinds.get(kind) ?? this.#all;
    return count === 0 ? undefined : (seconds / count) * trials.length;
  }

  /** Seconds of all units by so many hands; undefined before anything was done. */
  ofAll(units: readonly Unit[], hands: number): number | undefined {
    if (this.#all.trials === 0) return undefined;
    return units.reduce((sum, unit) => sum + this.of(unit)!, 0) / hands;
  }

  /** Most bytes that a process had when it did units of the kind; undefined before one was done. */
  memoryOf({ kind }: Unit): number | undefined {
    return this.#memory.get(kind);
  }
}
