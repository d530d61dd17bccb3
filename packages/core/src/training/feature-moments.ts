/** Gathers mean and standard deviation of each number of a feature over rows, in the order in which they are added. */
export class FeatureMoments {
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  #rows = 0;

  /** @param width numbers per row */
  constructor(width: number) {
    this.#sum = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  /** @param values whole rows, one after another */
  add(values: Float32Array): void {
    const sum = this.#sum;
    const squares = this.#squares;
    const width = sum.length;
    for (let start = 0; start < values.length; start += width) {
      for (let i = 0; i < width; i++) {
        const value = values[start + i]!;
        sum[i] = sum[i]! + value;
        squares[i] = squares[i]! + value * value;
      }
      this.#rows += 1;
    }
  }

  statistics(): { mean: Float32Array; standardDeviation: Float32Array } {
    const rows = this.#rows;
    const mean = Float32Array.from(this.#sum, (total) => total / rows);
    const standardDeviation = Float32Array.from(this.#squares, (total, i) =>
      Math.sqrt(Math.max(0, total / rows - (this.#sum[i]! / rows) ** 2)),
    );
    return { mean, standardDeviation };
  }
}
