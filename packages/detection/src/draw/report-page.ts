import { dataTable, grid, heatMap, html, htmlPage, numbers, type HeatCell, type Html } from '@headstart/core/pages';
import type { CocoEvaluator } from '../metrics/coco-evaluator.ts';
import type { DetectionConfusion } from '../metrics/confusion-matrix.ts';
import { meanCurves, precisionRecall } from './precision-recall.ts';

/** What a report is of. */
export interface ReportedEvaluation {
  readonly coco: CocoEvaluator;
  readonly confusion: DetectionConfusion;
  readonly labels: readonly string[];
}

/** The last row and column of a confusion matrix: no object, nothing found. */
export const BACKGROUND = 'background';

/** The least width of a class's chart, in rem, and its size in pixels. */
const CLASS_WIDTH = 17;
const CLASS_CHART = { width: 340, height: 250 };

/**
 * A page of how good a detector is, complete in itself: COCO's numbers, precision against recall of all classes
 * together (mean precision at each recall) and of each, a line per class, and which class was taken for which.
 *
 * @returns HTML
 */
export function reportPage(evaluation: ReportedEvaluation, title: string): string {
  const { coco } = evaluation;
  const values = Object.entries(coco.metrics()).map(([name, value]) => [name, cell(value)] as const);
  return htmlPage({
    title,
    sections: [
      { title: "COCO's numbers", body: numbers(values) },
      { title: 'Precision and recall', body: grid([together(evaluation), classTable(evaluation)]) },
      { title: 'By class', body: classCharts(evaluation) },
      { title: 'What was taken for what', body: confusionMap(evaluation) },
    ],
  });
}

/** A number that is undefined (no object of that kind) is a dash. */
function cell(value: number): string {
  return value === -1 ? '–' : value.toFixed(3);
}

function together({ coco, labels }: ReportedEvaluation): Html {
  const present = labels.flatMap((_, label) => {
    const curves = coco.curves(label);
    return curves ? [curves] : [];
  });
  if (present.length === 0) return html`<p>There is no object in these pictures.</p>`;
  return precisionRecall(meanCurves(present), {
    title: 'All classes together',
    description:
      "How many of the boxes found are right, against how many of the objects were found: the mean of the classes' precisions at each recall, at three overlaps (IoU). Higher is better; the number is the curve's mean.",
  });
}

function classTable({ coco, labels }: ReportedEvaluation): Html {
  const classes = coco.perClass().map((values, i) => ({ label: labels[i]!, ...values }));
  const present = classes.filter(({ objects }) => objects > 0);
  const absent = classes.length - present.length;
  const number = (name: string) => ({ title: name, numeric: true });
  const ap = (value: number) => ({ content: cell(value), value: value === -1 ? '' : value });
  const table = dataTable({
    caption: 'Average precision of each class: over all overlaps, and at an IoU of 0.50 and 0.75.',
    columns: ['class', ...['objects', 'AP', 'AP50', 'AP75'].map(number)],
    rows: present.map(({ label, objects, AP, AP50, AP75 }) => [label, objects, ap(AP), ap(AP50), ap(AP75)]),
  });
  return html`${table}${absent > 0 && html`<p>Not in these pictures: ${absent} of ${classes.length} classes.</p>`}`;
}

function classCharts({ coco, labels }: ReportedEvaluation): Html {
  const charts = labels.flatMap((label, i) => {
    const curves = coco.curves(i);
    const description = 'Precision against recall at three overlaps.';
    return curves ? [precisionRecall(curves, { title: label, description, ...CLASS_CHART })] : [];
  });
  return grid(charts, CLASS_WIDTH);
}

/** Counts coloured by their share of the row. Classes that were neither there nor found are left out. */
function confusionMap({ confusion, labels }: ReportedEvaluation): Html {
  const { counts, threshold } = confusion;
  const names = [...labels, BACKGROUND];
  const places = names.flatMap((_, i) =>
    i === labels.length || counts.some((row, j) => row[i]! > 0 || counts[i]![j]! > 0) ? [i] : [],
  );
  const rows = places.map((i) => {
    const total = counts[i]!.reduce((sum, count) => sum + count, 0);
    const cells = places.map((j): HeatCell => {
      const count = counts[i]![j]!;
      if (i === labels.length && j === i) return { content: '' };
      if (count === 0) return { content: '·', marked: i === j };
      const share = count / total;
      return {
        value: share,
        content: String(count),
        note: `${(100 * share).toFixed(0)} % of ${names[i]!}`,
        marked: i === j,
      };
    });
    return { title: names[i]!, cells };
  });
  return heatMap({
    caption: `A row is what there was, a column what was found there (score ${threshold} or more, IoU 0.5 or more), coloured by its share of the row; framed where both agree. Row ${BACKGROUND}: nothing was there. Column ${BACKGROUND}: nothing was found.`,
    corner: 'there ↓ found →',
    columns: places.map((i) => names[i]!),
    rows,
    format: (share) => `${(100 * share).toFixed(0)} %`,
    domain: [0, 1],
  });
}
