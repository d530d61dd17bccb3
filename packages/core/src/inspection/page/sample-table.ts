import type { Html } from '../../pages/html.ts';
import { dataTable } from '../../pages/tables/data-table.ts';
import { classesOf, shortened } from '../examples.ts';
import type { View } from '../looked-at.ts';
import type { ShownGroup } from '../shown-samples.ts';

const TEXT_LENGTH = 500;

/** Samples that are no pictures: what they say, and what is known of them. */
export function sampleTable(groups: readonly ShownGroup[], names: readonly string[], view: View): Html {
  const shown = groups.flatMap(({ split, samples }) => samples.map((sample) => ({ split, sample })));
  const most = Math.max(0, ...shown.map(({ sample }) => view(sample).texts?.length ?? 0));
  const scored = shown.some(({ sample }) => sample.score !== undefined);
  const texts = most > 1 ? Array.from({ length: most }, (_, i) => `text ${i + 1}`) : most === 1 ? ['text'] : [];
  const rows = shown.map(({ split, sample }) => {
    const own = view(sample).texts ?? [];
    return [
      sample.id,
      classesOf(sample)
        .map((label) => names[label]!)
        .join(', '),
      split,
      ...(scored ? [sample.score] : []),
      ...texts.map((_, i) => shortened(own[i] ?? '', TEXT_LENGTH)),
    ];
  });
  const score = scored ? [{ title: 'score', numeric: true }] : [];
  const columns = ['sample', 'class', 'split', ...score, ...texts.map((title) => ({ title, sentences: true }))];
  return dataTable({ caption: 'Some samples of each class and split.', columns, rows, wide: true });
}
