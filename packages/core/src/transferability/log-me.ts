import type { Labelled } from './labelled.ts';
import { spectrum } from './spectrum.ts';

const MOST_ROUNDS = 11;
/** The rounds end where the ratio of the precisions moves by no larger share of itself. */
const SETTLED = 1e-3;
const EPSILON = 1e-5;

/**
 * LogME: the log evidence, per sample and as a mean over classes, of linear regression from the features to each class's
 * indicator, maximised over the precisions of weights (alpha) and noise (beta). Larger is better.
 *
 * You, Liu, Wang and Long (2021), "LogME: practical assessment of pre-trained models for transfer learning"; the fixed
 * point of You, Liu, Zhang, Wang, Jordan and Long (2022, JMLR), "Ranking and tuning pre-trained models": up to eleven
 * rounds from alpha = beta = 1, fewer where their ratio settles, with 1e-5 added to both denominators. The evidence is that
 * of all dimensions, those without a singular value included.
 */
export function logME({ features, labels, classes }: Labelled): number {
  const { values: squares, left, rows } = spectrum(features);
  let sum = 0;
  for (let label = 0; label < classes; label++) {
    let members = 0;
    for (let i = 0; i < rows; i++) if (labels[i] === label) members++;
    const projected = Float64Array.from(squares, (_, direction) => {
      let projection = 0;
      for (let i = 0; i < rows; i++) if (labels[i] === label) projection += left[direction * rows + i]!;
      return projection * projection;
    });
    sum += evidence(squares, projected, members, rows);
  }
  return sum / classes;
}

/** @param projected squares of the target's projections on the left singular vectors @param norm of the target, squared */
function evidence(squares: Float64Array, projected: Float64Array, norm: number, rows: number): number {
  const outside = Math.max(0, norm - projected.reduce((sum, each) => sum + each, 0));
  let [alpha, beta] = [1, 1];
  let [misfit, size] = [0, 0];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const ratio = alpha / beta;
    let gamma = 0;
    [misfit, size] = [outside, 0];
    for (const [i, square] of squares.entries()) {
      gamma += square / (square + ratio);
      size += (square * projected[i]!) / (ratio + square) ** 2;
      misfit += projected[i]! / (1 + square / ratio) ** 2;
    }
    alpha = gamma / (size + EPSILON);
    beta = (rows - gamma) / (misfit + EPSILON);
    if (Math.abs(alpha / beta - ratio) <= SETTLED * ratio) break;
  }
  const volume = squares.reduce((sum, square) => sum + Math.log(alpha / (alpha + beta * square)), 0);
  const log = 0.5 * (volume + rows * Math.log(beta / (2 * Math.PI)) - beta * misfit - alpha * size);
  return log / rows;
}
