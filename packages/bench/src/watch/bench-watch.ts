import type { BenchEvents } from '../run/options.ts';
import type { EndedCell, WatchSnapshot } from './watch-snapshot.ts';

/** As many of the last cells, failures and warnings as are shown. */
const MOST = 20;

/** Follows a benchmark by its events, for who looks at it while it runs. */
export class BenchWatch {
  #snapshot: WatchSnapshot;

  constructor(name: string) {
    this.#snapshot = {
      name,
      state: 'planning',
      planned: 0,
      refused: 0,
      done: 0,
      failed: 0,
      left: null,
      latest: [],
      failures: [],
      warnings: [],
    };
  }

  /** How far it is. */
  get snapshot(): WatchSnapshot {
    return this.#snapshot;
  }

  /** To be passed to `runBench`. */
  readonly events: Required<BenchEvents> = {
    planned: ({ trials, refused }, { done, failed }) =>
      this.#change({
        state: 'running',
        planned: trials.reduce((sum, { cells }) => sum + cells.length, 0),
        refused: refused.reduce((sum, { cells }) => sum + cells.length, 0),
        done,
        failed,
      }),
    cell: ({ coordinates, state, error, seconds }, left) => {
      const { done, failed, latest, failures } = this.#snapshot;
      const ended: EndedCell = { coordinates, state, seconds, ...(error ? { message: error.message } : {}) };
      this.#change({
        left,
        latest: [ended, ...latest].slice(0, MOST),
        ...(state === 'done'
          ? { done: done + 1 }
          : { failed: failed + 1, failures: [ended, ...failures].slice(0, MOST) }),
      });
    },
    warning: (message) => this.#change({ warnings: [message, ...this.#snapshot.warnings].slice(0, MOST) }),
  };

  /** To be called when the benchmark has ended, however it did. */
  end(): void {
    this.#change({ state: 'ended', left: 0 });
  }

  #change(changes: Partial<WatchSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
  }
}
