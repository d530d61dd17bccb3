import type { Points } from '../runs/tracker.ts';

/** A value as log-batch takes it; JSON has no NaN, for which protobuf's mapping of it has a word. */
export interface Metric {
  readonly key: string;
  readonly value: number | string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

/** Metrics that are to be sent, the oldest first; beyond its limit it loses the oldest. */
export class MetricQueue {
  #metrics: Metric[] = [];
  #lost = 0;

  constructor(private readonly limit: number) {}

  get length(): number {
    return this.#metrics.length;
  }

  /** How many it has lost. */
  get lost(): number {
    return this.#lost;
  }

  add(points: Points, step: number): void {
    const timestamp = Date.now();
    for (const [key, value] of Object.entries(points))
      this.#metrics.push({ key, value: Number.isFinite(value) ? value : String(value), timestamp, step });
    this.#trim();
  }

  take(count: number): Metric[] {
    return this.#metrics.splice(0, count);
  }

  putBack(metrics: readonly Metric[]): void {
    this.#metrics = [...metrics, ...this.#metrics];
    this.#trim();
  }

  #trim(): void {
    const excess = this.#metrics.length - this.limit;
    if (excess <= 0) return;
    this.#metrics.splice(0, excess);
    this.#lost += excess;
  }
}
