import { givenLabels, type EvidenceItems } from '@headstart/core/trials';
import type { Predictions } from '../records/predictions.ts';
import { byCodeUnit, distinct } from './names.ts';
import type { WorstItem } from './report-data.ts';

/** As many items of a cell as are shown. */
const MOST = 6;
/** Characters of a truth or a prediction that is not a label. */
const MOST_TEXT = 200;

/** One run's predictions, with how right each item is. */
export interface ScoredPredictions extends Predictions {
  readonly scores: ArrayLike<number>;
}

/** The items that runs of one test get wrong most, over the seeds: the worst first, then by their names. */
export function worstItems(runs: readonly ScoredPredictions[]): WorstItem[] {
  const [first] = runs;
  if (!first) return [];
  const same = runs.filter(({ digests }) => equal(digests, first.digests));
  const means = first.ids.map((_, i) => same.reduce((sum, { scores }) => sum + scores[i]!, 0) / same.length);
  return first.ids
    .map((id, i) => ({ id, i, score: means[i]! }))
    .filter(({ score }) => score < 1)
    .sort((a, b) => a.score - b.score || byCodeUnit(a.id, b.id))
    .slice(0, MOST)
    .map(({ id, i, score }) => ({
      id,
      digest: first.digests[i]!,
      truth: truthOf(first.items, i),
      predicted: distinct(same.map(({ items }) => predictionOf(items, i))).join('; '),
      score,
    }));
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** The true label or labels, or what stands in the evidence's column of that name. */
function truthOf(items: EvidenceItems, row: number): string {
  const truth = valueOf(items, 'truth', row);
  const labels = labelsOf(items);
  if (labels && typeof truth === 'number') return labels[truth] ?? String(truth);
  if (labels && typeof truth === 'string') return labelled(labels, JSON.parse(truth) as number[]);
  return textOf(truth);
}

/** The likeliest label, the labels that are given, or what else the evidence says. */
function predictionOf(items: EvidenceItems, row: number): string {
  const labels = labelsOf(items);
  const probabilities = valueOf(items, 'probabilities', row);
  if (labels && Array.isArray(probabilities)) {
    if (items.kind === 'multi-label')
      return labelled(
        labels,
        givenLabels(probabilities as number[], items.shared['thresholds'] as number[] | undefined),
      );
    const likeliest = probabilities.indexOf(Math.max(...(probabilities as number[])));
    return labels[likeliest] ?? String(likeliest);
  }
  const others = items.columns.filter(({ name }) => name !== 'truth');
  return others
    .map(({ name, values }) => `${name} ${textOf(values[row])}`)
    .join(', ')
    .slice(0, MOST_TEXT);
}

function labelled(labels: readonly string[], indices: readonly number[]): string {
  return indices.length === 0 ? 'none' : indices.map((i) => labels[i] ?? String(i)).join(', ');
}

function labelsOf({ shared }: EvidenceItems): readonly string[] | undefined {
  return Array.isArray(shared['labels']) ? (shared['labels'] as string[]) : undefined;
}

function valueOf({ columns }: EvidenceItems, name: string, row: number) {
  return columns.find((column) => column.name === name)?.values[row];
}

function textOf(value: unknown): string {
  const text =
    typeof value === 'number'
      ? String(Number(value.toPrecision(4)))
      : typeof value === 'string'
        ? value
        : JSON.stringify(value ?? null);
  return text.slice(0, MOST_TEXT);
}
