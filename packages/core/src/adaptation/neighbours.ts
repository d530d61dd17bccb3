import { add, log, mean, mul, softmax, sub, sum, type Scalar, type Tensor2D } from '@tensorflow/tfjs-core';
import { dot, unitRows, type Opinions } from './pseudo-labels.ts';

/** How far samples listen to those around them. */
export interface NeighbourOptions {
  /** Nearest neighbours of a sample, by the cosine of embeddings. */
  readonly neighbours?: number;
  /** Nearest neighbours of each of those. */
  readonly furtherNeighbours?: number;
}

/** What a neighbour counts that does not have the sample among its own neighbours, and what each further neighbour does. */
const DISTANT = 0.1;

/**
 * What the samples around each one say of its class, as NRC adds it up (Yang et al., 2021, arXiv 2110.04202): the probabilities of its
 * neighbours, each counting 1 where they are neighbours of one another and 0.1 else, and a tenth of those of their neighbours.
 * Takes n² products of embeddings.
 *
 * @returns `[samples, classes]`, row-major
 */
export function neighbourOpinions(
  { embeddings, probabilities, samples }: Opinions,
  { neighbours = 4, furtherNeighbours = 3 }: NeighbourOptions = {},
): Float32Array {
  const classes = probabilities.length / samples;
  const near = nearestOf(embeddings, samples, Math.max(neighbours, furtherNeighbours));
  const opinions = new Float32Array(samples * classes);
  const hear = (i: number, other: number, weight: number) => {
    for (let k = 0; k < classes; k += 1) opinions[i * classes + k]! += weight * probabilities[other * classes + k]!;
  };
  for (let i = 0; i < samples; i += 1) {
    for (const neighbour of near[i]!.slice(0, neighbours)) {
      const further = near[neighbour]!.slice(0, furtherNeighbours);
      hear(i, neighbour, further.includes(i) ? 1 : DISTANT);
      for (const other of further) hear(i, other, DISTANT);
    }
  }
  return opinions;
}

/** Per sample the most alike others, the nearest first. */
function nearestOf(embeddings: Float32Array, samples: number, count: number): number[][] {
  const points = unitRows(embeddings, samples);
  return Array.from({ length: samples }, (_, i) => {
    const likeness = Float64Array.from({ length: samples }, (_, j) => dot(points.row(i), points.row(j)));
    return Array.from({ length: samples }, (_, j) => j)
      .filter((j) => j !== i)
      .sort((a, b) => likeness[b]! - likeness[a]! || a - b)
      .slice(0, count);
  });
}

/**
 * NRC's loss: minus the agreement of softmax(logits) with what the neighbours say, a constant, and minus the entropy of the
 * mean prediction, which keeps all from agreeing on one class.
 *
 * @param logits `[n, classes]`
 * @param opinions those of `neighbourOpinions`, `[n, classes]`
 */
export function neighbourLoss(logits: Tensor2D, opinions: Tensor2D): Scalar {
  const probabilities = softmax(logits);
  const whole = mean<Tensor2D>(probabilities, 0);
  const agreement = mean<Scalar>(sum(mul(opinions, probabilities), 1));
  return sub(sum<Scalar>(mul(whole, log(add(whole, 1e-5)))), agreement);
}
