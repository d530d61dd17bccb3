import type { MetricReport } from '@headstart/core/metrics';
import type { SkippedSample } from '@headstart/core';
import type { Console } from './console.ts';
import { formatCount } from './format.ts';
import { metricTable } from './metric-table.ts';
import { printSkipped } from './skipped.ts';
import { table } from './table.ts';

interface Evaluation {
  readonly metrics: MetricReport;
  readonly samples: number;
  readonly split: string;
  readonly skipped: readonly SkippedSample[];
}

/** A class's numbers by name; one that is undefined may be missing or no number. */
interface ClassRow {
  readonly label: string;
  readonly [column: string]: string | number | undefined;
}

/** What reports may have beside their numbers. */
interface Details {
  readonly perClass?: readonly ClassRow[];
  readonly confusionMatrix?: readonly (readonly number[])[];
  /** What its rows and columns are, where they are not the classes alone. */
  readonly confusionLabels?: readonly string[];
  /** Of many classes, in place of the matrix: the commonest first. */
  readonly confusions?: readonly Confusion[];
  readonly intervals?: Readonly<Record<string, readonly [low: number, high: number]>>;
}

/** What samples of a class were taken for. */
interface Confusion {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
}

/** Metrics, and the table per class and the confusion matrix where the task has them. */
export function printEvaluation(console: Console, { metrics, samples, split, skipped }: Evaluation): void {
  const { outColours: colours } = console;
  console.print(`${split === 'all' ? 'all samples' : `split ${split}`}: ${formatCount(samples)} samples`);
  const { perClass, confusionMatrix, confusionLabels, confusions, intervals = {} } = (metrics.details ?? {}) as Details;
  for (const line of metricTable({ value: metrics.values }, { value: intervals })) console.print(line);
  if (perClass) {
    const listed = perClass.filter(hasNumbers);
    const [heading = '', ...rows] = classTable(listed);
    console.print();
    console.print(colours.dim(heading));
    for (const row of rows) console.print(row);
    const absent = perClass.length - listed.length;
    if (absent > 0)
      console.print(
        colours.dim(
          `and ${formatCount(absent)} ${absent === 1 ? 'class' : 'classes'} of which these samples show nothing`,
        ),
      );
  }
  if (perClass && confusionMatrix)
    printConfusion(console, confusionLabels ?? perClass.map(({ label }) => label), confusionMatrix);
  else if (confusions) {
    console.print();
    printConfusions(console, confusions);
  }
  if (skipped.length > 0) console.print();
  printSkipped(console, skipped);
}

/** Columns that count, and their titles. */
const COUNTS: Readonly<Record<string, string>> = { support: 'samples', predicted: 'predicted', objects: 'objects' };

/** What a number of a class is a share of: it says nothing where that is none. */
const SHARE_OF: Readonly<Record<string, string>> = { precision: 'predicted', recall: 'support' };

/** Whether there is more to report of a class than that nothing of it was there. */
function hasNumbers(row: ClassRow): boolean {
  if (row['support'] === 0 && row['predicted'] === 0) return false;
  return Object.entries(row).some(
    ([column, value]) => typeof value === 'number' && Number.isFinite(value) && (!(column in COUNTS) || value > 0),
  );
}

function classTable(perClass: readonly ClassRow[]): string[] {
  const columns = [...new Set(perClass.flatMap((row) => Object.keys(row)))].filter((column) => column !== 'label');
  const cell = (column: string, row: ClassRow) => {
    const value = row[column];
    const whole = SHARE_OF[column];
    if (typeof value !== 'number' || !Number.isFinite(value) || (whole && row[whole] === 0)) return '-';
    return column in COUNTS ? formatCount(value) : value.toFixed(3);
  };
  return table(
    [{ title: 'class' }, ...columns.map((column) => ({ title: COUNTS[column] ?? column, align: 'right' as const }))],
    perClass.map((row) => [row.label, ...columns.map((column) => cell(column, row))]),
  );
}

/** The matrix of the classes that were there or taken for, where it fits the terminal; else the commonest confusions. */
function printConfusion(console: Console, allLabels: readonly string[], whole: readonly (readonly number[])[]): void {
  const { outColours: colours } = console;
  const places = allLabels.flatMap((_, i) => (whole.some((row, j) => row[i]! > 0 || whole[i]![j]! > 0) ? [i] : []));
  const [labels, matrix] = [places.map((i) => allLabels[i]!), places.map((i) => places.map((j) => whole[i]![j]!))];
  if (labels.length === 0) return;
  const largest = matrix.flat().reduce((most, count) => Math.max(most, count), labels.length);
  const cell = String(largest).length + 2;
  const label = labels.reduce((most, name) => Math.max(most, name.length), 0) + String(labels.length).length + 2;
  console.print();
  if (label + cell * labels.length <= console.width) {
    console.print(colours.dim('confusion: a row is the true class, a column what it was taken for'));
    console.print(colours.dim(''.padEnd(label) + labels.map((_, i) => String(i + 1).padStart(cell)).join('')));
    matrix.forEach((row, i) => {
      const counts = row.map((count, j) => {
        const text = (count === 0 ? '·' : String(count)).padStart(cell);
        return i === j ? colours.bold(text) : count === 0 ? colours.dim(text) : text;
      });
      console.print(
        `${String(i + 1).padStart(String(labels.length).length)} ${labels[i]!}`.padEnd(label) + counts.join(''),
      );
    });
    return;
  }
  printConfusions(
    console,
    matrix
      .flatMap((row, i) => row.map((count, j) => ({ count, truth: labels[i]!, predicted: labels[j]!, wrong: i !== j })))
      .filter(({ wrong, count }) => wrong && count > 0)
      .sort((a, b) => b.count - a.count),
  );
}

/** The first of confusions, the commonest first. */
function printConfusions(console: Console, confusions: readonly Confusion[]): void {
  if (confusions.length === 0) return;
  console.print(console.outColours.dim('commonest confusions (--json has all metrics)'));
  for (const { count, truth, predicted } of confusions.slice(0, 15))
    console.print(`${String(count).padStart(5)}  ${truth} taken for ${predicted}`);
}
