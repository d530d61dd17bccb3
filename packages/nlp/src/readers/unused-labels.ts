import type { DataWarning } from '@headstart/core/readers';
import type { TextSource } from './text-rows.ts';

/** The warning for columns of ones and zeros that have no one: they are no labels, as there is nothing to learn. */
export function unusedLabels(sources: readonly TextSource[], labels: readonly string[]): DataWarning[] {
  const names = sources[0]?.columns.label?.names ?? [];
  const unused = names.filter((name) => !labels.includes(name));
  if (unused.length === 0) return [];
  return [
    {
      code: 'labels-never-set',
      message: `No row has a 1 in ${unused.map((name) => `"${name}"`).join(', ')}: ${unused.length === 1 ? 'it is no label' : 'they are no labels'}.`,
      hint: `Name the columns that are labels: --reader-option label-column=${names.filter((name) => labels.includes(name)).join(',')}.`,
      samples: [],
    },
  ];
}
