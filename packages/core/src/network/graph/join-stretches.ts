/** What a stretch between two neighbouring cuts gives. */
export interface Stretch {
  /** The cut at its end. */
  readonly end: number;
  /** Shape of the output without the batch axis. */
  readonly shape: readonly number[];
  /** Kernels (weights of two or more axes) that it holds. */
  readonly kernels: number;
}

/** A stage holds at most this many kernels where it can be cut: about one residual block. */
const MOST_KERNELS = 4;
/** A map has shrunk when less than this share of its cells is left: a stride of 2 leaves a quarter, a border lost to "valid" padding most. */
const SHRINKS = 0.6;

/**
 * Joins stretches into stages. A stage ends, once it holds a kernel, where the map shrinks, where it
 * becomes a vector, and where it would hold more than four kernels; padding goes with what it pads.
 */
export function joinStretches(stretches: readonly Stretch[]): Stretch[][] {
  const stages: Stretch[][] = [];
  let kernels = 0;
  let shape: readonly number[] = [];
  let padded = false;
  for (const [i, stretch] of stretches.entries()) {
    const pads = stretch.kernels === 0 && i + 1 < stretches.length && mapArea(stretch.shape) > mapArea(shape);
    const upcoming = pads ? stretches[i + 1]! : stretch;
    const ends =
      upcoming.shape.length !== shape.length ||
      mapArea(upcoming.shape) < SHRINKS * mapArea(shape) ||
      kernels + upcoming.kernels > MOST_KERNELS;
    if (stages.length === 0 || (kernels > 0 && ends && !padded)) {
      stages.push([]);
      kernels = 0;
    }
    stages.at(-1)!.push(stretch);
    kernels += stretch.kernels;
    if (!pads) shape = stretch.shape;
    padded = pads;
  }
  return stages;
}

/** Cells of a map; 1 for a vector. */
export function mapArea(shape: readonly number[]): number {
  return shape.length === 3 ? shape[0]! * shape[1]! : 1;
}
