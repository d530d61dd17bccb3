import type { EncodedInputs } from '@headstart/core/export';
import { firstColumns, longestRow } from '../tokens/columns.ts';

/**
 * A batch without the columns that are padding in all of its rows. The encoder cuts it to one of few lengths, for which
 * steps are compiled; a graph whose length is open takes any.
 */
export function withoutPadding(batch: EncodedInputs): EncodedInputs {
  const { inputs, specs, size, rows = 1 } = batch;
  const mask = inputs['mask'];
  const [length] = specs?.['mask']?.shape ?? [];
  if (!mask || !specs || length === undefined) return batch;
  const count = size * rows;
  const longest = longestRow(mask, count, length);
  if (longest === length) return batch;
  const shortened = Object.entries(specs).map(([name, spec]) => [name, { ...spec, shape: [longest] }] as const);
  return { ...batch, inputs: firstColumns(inputs, count, length, longest), specs: Object.fromEntries(shortened) };
}
