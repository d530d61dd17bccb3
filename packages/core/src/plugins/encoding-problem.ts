import { notFiniteAt } from '../network/finite.ts';
import type { TensorSpec, TensorSpecs } from '../network/tensors.ts';

/**
 * What is wrong with values that are to fill tensors of these shapes: one that is missing, of another length, not
 * finite, or beyond what it indexes. Undefined where nothing is.
 *
 * @param rows of each tensor, one after another
 */
export function encodingProblem(values: unknown, specs: TensorSpecs, rows: number): string | undefined {
  if (typeof values !== 'object' || values === null) return `gave ${String(values)} in place of tensors`;
  for (const [name, spec] of Object.entries(specs)) {
    const problem = tensorProblem((values as Record<string, ArrayLike<number> | undefined>)[name], spec, rows);
    if (problem !== undefined) return `${problem} for the tensor "${name}"`;
  }
  return undefined;
}

function tensorProblem(
  values: ArrayLike<number> | undefined,
  { shape, below }: TensorSpec,
  rows: number,
): string | undefined {
  if (typeof values?.length !== 'number') return 'gave no values';
  const size = shape.reduce((product, n) => product * n, rows);
  if (values.length !== size) {
    const declared = rows === 1 ? `[${shape.join(', ')}]` : `${rows} times [${shape.join(', ')}]`;
    return `gave ${values.length} values where ${declared} takes ${size}`;
  }
  const infinite = notFiniteAt(values);
  if (infinite >= 0) return `gave ${values[infinite]} at place ${infinite}`;
  if (below === undefined) return undefined;
  for (let i = 0; i < size; i++) {
    const value = values[i]!;
    if (value < 0 || value >= below) return `gave ${value} at place ${i}, which is not below ${below}`;
  }
  return undefined;
}
