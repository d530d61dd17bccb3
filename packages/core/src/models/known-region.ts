import type { StoredValue } from '../network/variable-values.ts';
import { RandomStream } from '../random/random-stream.ts';

/** The tensor beside a model's weights: features of training samples as `regionRows` makes them. */
export const KNOWN_FEATURES = 'known/features';

/** Numbers that are kept of a feature. */
const MOST_WIDTH = 64;

/**
 * Where a model knows its way: features of some samples that it was trained on. How far an input lies from them is the
 * distance of its feature to the k-th nearest of theirs, all of length 1 (Sun et al., 2022, "Out-of-distribution detection
 * with deep nearest neighbors").
 *
 * Wide features are projected to 64 numbers by a matrix that is drawn always alike, which keeps distances within some 10 % (Johnson
 * and Lindenstrauss, 1984), so that a head that is saved alone stays small.
 */
export class KnownRegion {
  readonly #count: number;

  /** @param features `[count, width]`, row-major, as `regionRows` makes them */
  constructor(
    readonly features: Float32Array,
    readonly width: number,
    readonly neighbour: number,
  ) {
    this.#count = features.length / width;
  }

  /** As it is kept beside a model's weights. */
  get stored(): StoredValue {
    return { shape: [this.#count, this.width], data: this.features };
  }

  /**
   * The distance of each row of `[rows, width]`, as features come.
   * @param own set where the rows are the region's own samples, each of which is then passed over
   */
  distances(rows: Float32Array, width: number, own = false): Float64Array {
    const unit = regionRows(rows, width);
    return Float64Array.from({ length: rows.length / width }, (_, i) => {
      const row = unit.subarray(i * this.width, (i + 1) * this.width);
      const squares = new Float64Array(this.#count);
      for (let j = 0; j < this.#count; j++) squares[j] = own && i === j ? Infinity : this.#square(row, j);
      squares.sort();
      return Math.sqrt(squares[Math.min(this.neighbour, this.#count - (own ? 1 : 0)) - 1]!);
    });
  }

  /** |a - b|² = 2 - 2 a·b of vectors of length 1. */
  #square(row: Float32Array, j: number): number {
    let product = 0;
    for (let d = 0, at = j * this.width; d < this.width; d++, at++) product += row[d]! * this.features[at]!;
    return Math.max(0, 2 - 2 * product);
  }
}

/** Features `[rows, width]` as a region keeps and compares them: `[rows, at most 64]`, each row of length 1; a row of zeros stays. */
export function regionRows(rows: Float32Array, width: number): Float32Array {
  const kept = Math.min(width, MOST_WIDTH);
  const matrix = kept < width ? projection(width) : undefined;
  const result = new Float32Array((rows.length / width) * kept);
  const sums = new Float64Array(kept);
  for (let from = 0, to = 0; from < rows.length; from += width, to += kept) {
    sums.fill(0);
    if (!matrix) for (let d = 0; d < width; d++) sums[d] = rows[from + d]!;
    else
      for (let d = 0; d < width; d++)
        for (let k = 0; k < kept; k++) sums[k]! += rows[from + d]! * matrix[d * kept + k]!;
    const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let k = 0; k < kept; k++) result[to + k] = sums[k]! / length;
  }
  return result;
}

const projections = new Map<number, Float32Array>();

/** `[width, 64]` normal numbers, always the same for a width. */
function projection(width: number): Float32Array {
  const known = projections.get(width);
  if (known) return known;
  const random = new RandomStream('known features').child(width);
  const drawn = Float32Array.from({ length: width * MOST_WIDTH }, () => random.normal());
  projections.set(width, drawn);
  return drawn;
}
