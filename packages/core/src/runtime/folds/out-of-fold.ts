import type { EvidenceItems, ItemColumn } from '../../metrics/evidence-format.ts';
import { givenLabels } from '../../metrics/given-labels.ts';
import type { OutOfFoldRow } from '../../runs/cross-validation.ts';
import type { TrialOutcome } from '../../runs/trial.ts';

/**
 * A row per sample that a fold was judged on: `id`, `repeat` and `fold` from 1, then what was true and predicted. Classes are
 * written by their names, with a column `probability of <label>` each; what has several labels is JSON.
 */
export function outOfFoldRows(
  { ids, items }: Pick<TrialOutcome, 'ids' | 'items'>,
  repeat: number,
  fold: number,
): OutOfFoldRow[] {
  const cells = items ? columnsOf(items) : [];
  return ids.map((id, i) => ({
    id,
    repeat,
    fold,
    ...Object.fromEntries(cells.map(([name, values]) => [name, values(i)])),
  }));
}

type Column = readonly [name: string, value: (row: number) => string | number];

function columnsOf({ kind, shared, columns }: EvidenceItems): Column[] {
  const labels = shared['labels'] as readonly string[] | undefined;
  const truth = columns.find(({ name }) => name === 'truth');
  const probabilities = columns.find(({ name }) => name === 'probabilities');
  const thresholds = shared['thresholds'] as readonly number[] | undefined;
  if (!labels || !truth || !probabilities) return columns.map(plain);
  const rows = probabilities.values as readonly ArrayLike<number>[];
  const likeliest = (i: number) => Array.from(rows[i]!).reduce((best, p, j, row) => (p > row[best]! ? j : best), 0);
  const given = (i: number) => givenLabels(rows[i]!, thresholds).map((j) => labels[j]!);
  const answers: Column[] =
    kind === 'multi-label'
      ? [
          ['truth', (i) => JSON.stringify((JSON.parse(String(truth.values[i])) as number[]).map((j) => labels[j]))],
          ['prediction', (i) => JSON.stringify(given(i))],
        ]
      : [
          ['truth', (i) => labels[truth.values[i] as number]!],
          ['prediction', (i) => labels[likeliest(i)]!],
          ['probability', (i) => rows[i]![likeliest(i)]!],
        ];
  return [...answers, ...labels.map((label, j): Column => [`probability of ${label}`, (i) => rows[i]![j]!])];
}

function plain({ name, values }: ItemColumn): Column {
  return [
    name,
    (i) => {
      const value = values[i]!;
      return typeof value === 'object' ? JSON.stringify(Array.from(value)) : value;
    },
  ];
}
