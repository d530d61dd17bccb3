import type { EncodedInputs } from '@headstart/core/export';

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
  let longest = 1;
  for (let row = 0; row < count; row++) while (longest < length && mask[row * length + longest] === 1) longest++;
  if (longest === length) return batch;
  const cut = Object.entries(inputs).map(([name, values]) => {
    const kept = new Int32Array(count * longest);
    for (let row = 0; row < count; row++)
      kept.set(values.subarray(row * length, row * length + longest), row * longest);
    return [name, kept] as const;
  });
  const shortened = Object.entries(specs).map(([name, spec]) => [name, { ...spec, shape: [longest] }] as const);
  return { ...batch, inputs: Object.fromEntries(cut), specs: Object.fromEntries(shortened) };
}
