import { CELL_NUMBERS, CELLS } from './picture-print.ts';

/** Unknowns of the fit: contrast, brightness, two shifts and two stretches. */
const UNKNOWNS = 6;
/** A copy is shifted by no more cells than this, and stretched by no more of its width: what a slight crop comes to. */
const MOST_SHIFT = 1;
const MOST_STRETCH = 0.1;

/**
 * How far one picture's cells are explained by another's, made brighter, of more contrast, shifted and stretched a little: the
 * least squares of `contrast · a + brightness + shift · ∇a + stretch · (x ∇a)`, a step of Lucas and Kanade's registration (1981).
 * @returns `correlation`, the square root of the share of the variance that is explained, and `worst`, the largest deviation of a cell in standard deviations
 * of the picture: one place that is quite another tells drawings apart that are alike else; undefined where no slight change explains it
 */
export function pictureLikeness(
  a: Uint8Array,
  b: Uint8Array,
): { readonly correlation: number; readonly worst: number } | undefined {
  const rows = designOf(a);
  const solved = leastSquares(rows, b);
  if (!solved) return undefined;
  const [contrast, , ...moves] = solved as [number, number, number, number, number, number];
  if (contrast <= 0) return undefined;
  const [x, y, wider, higher] = moves.map((move) => Math.abs(move / contrast)) as [number, number, number, number];
  if (Math.max(x, y) > MOST_SHIFT || Math.max(wider, higher) > MOST_STRETCH) return undefined;
  const mean = b.reduce((sum, value) => sum + value, 0) / CELL_NUMBERS;
  let left = 0;
  let all = 0;
  let worst = 0;
  for (let i = 0; i < CELL_NUMBERS; i++) {
    let error = b[i]!;
    for (let k = 0; k < UNKNOWNS; k++) error -= solved[k]! * rows[UNKNOWNS * i + k]!;
    left += error * error;
    all += (b[i]! - mean) ** 2;
    worst = Math.max(worst, Math.abs(error));
  }
  if (all === 0) return undefined;
  return { correlation: Math.sqrt(Math.max(0, 1 - left / all)), worst: worst / Math.sqrt(all / CELL_NUMBERS) };
}

/** For each number of the cells what the unknowns stand before, `[768, 6]`. */
function designOf(cells: Uint8Array): Float64Array {
  const rows = new Float64Array(UNKNOWNS * CELL_NUMBERS);
  const last = CELLS - 1;
  const middle = last / 2;
  let at = 0;
  for (let y = 0; y < CELLS; y++) {
    const [above, below] = [Math.max(0, y - 1), Math.min(last, y + 1)];
    for (let x = 0; x < CELLS; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(last, x + 1)];
      for (let c = 0; c < 3; c++) {
        const across = (cells[3 * (y * CELLS + right) + c]! - cells[3 * (y * CELLS + left) + c]!) / (right - left);
        const down = (cells[3 * (below * CELLS + x) + c]! - cells[3 * (above * CELLS + x) + c]!) / (below - above);
        rows[at++] = cells[3 * (y * CELLS + x) + c]!;
        rows[at++] = 1;
        rows[at++] = across;
        rows[at++] = down;
        rows[at++] = (x - middle) * across;
        rows[at++] = (y - middle) * down;
      }
    }
  }
  return rows;
}

/** By the normal equations and Gauss's elimination with pivots; undefined where they have no one solution. */
function leastSquares(rows: Float64Array, values: Uint8Array): number[] | undefined {
  const matrix = Array.from({ length: UNKNOWNS }, () => new Float64Array(UNKNOWNS + 1));
  for (let row = 0; row < CELL_NUMBERS; row++)
    for (let i = 0; i < UNKNOWNS; i++) {
      const factor = rows[UNKNOWNS * row + i]!;
      for (let j = 0; j < UNKNOWNS; j++) matrix[i]![j]! += factor * rows[UNKNOWNS * row + j]!;
      matrix[i]![UNKNOWNS]! += factor * values[row]!;
    }
  for (let i = 0; i < UNKNOWNS; i++) {
    let pivot = i;
    for (let j = i + 1; j < UNKNOWNS; j++) if (Math.abs(matrix[j]![i]!) > Math.abs(matrix[pivot]![i]!)) pivot = j;
    if (Math.abs(matrix[pivot]![i]!) < 1e-6) return undefined;
    [matrix[i], matrix[pivot]] = [matrix[pivot]!, matrix[i]!];
    for (let j = 0; j < UNKNOWNS; j++) {
      if (j === i) continue;
      const factor = matrix[j]![i]! / matrix[i]![i]!;
      for (let k = i; k <= UNKNOWNS; k++) matrix[j]![k]! -= factor * matrix[i]![k]!;
    }
  }
  return matrix.map((row, i) => row[UNKNOWNS]! / row[i]!);
}
