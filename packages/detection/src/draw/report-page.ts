import { IOU_THRESHOLDS, RECALL_THRESHOLDS } from '../metrics/coco-settings.ts';
import type { CocoEvaluator } from '../metrics/coco-evaluator.ts';
import type { DetectionConfusion } from '../metrics/confusion-matrix.ts';
import { curvesSvg, type DrawnCurve } from './curves-svg.ts';
import { escapeXml, htmlPage } from '@headstart/core/metrics';

/** What a report is of. */
export interface ReportedEvaluation {
  readonly coco: CocoEvaluator;
  readonly confusion: DetectionConfusion;
  readonly labels: readonly string[];
}

/** The overlaps whose curves are drawn, by their place among COCO's ten. */
const DRAWN = [
  { threshold: 0, colour: '#1f77b4' },
  { threshold: 5, colour: '#e8820e' },
  { threshold: 8, colour: '#7a3fa0' },
] as const;
/** The last row and column of a confusion matrix: no object, nothing found. */
export const BACKGROUND = 'background';

/**
 * A page of how good a detector is, complete in itself: COCO's numbers, precision against recall of all classes
 * together (mean precision at each recall) and of each, a line per class, and which class was taken for which.
 *
 * @returns HTML
 */
export function reportPage(evaluation: ReportedEvaluation, title: string): string {
  const { coco, confusion, labels } = evaluation;
  const numbers = Object.entries(coco.metrics()).map(([name, value]) => [name, cell(value)]);
  const classes = coco.perClass().map((numbers, i) => ({ label: labels[i]!, ...numbers }));
  const rows = classes
    .filter(({ objects }) => objects > 0)
    .map(({ label, objects, AP, AP50, AP75 }) => [label, String(objects), cell(AP), cell(AP50), cell(AP75)]);
  const absent = classes.length - rows.length;
  const style = `td, th { padding: .15rem .6rem; text-align: right; font-variant-numeric: tabular-nums } th { font-weight: 600 } td:first-child, th:first-child { text-align: left }
table { border-collapse: collapse } tbody tr:nth-child(even) { background: #f5f5f5 } .curves { display: flex; flex-wrap: wrap; gap: .5rem }
.confusion { overflow-x: auto } .confusion td { border: 1px solid #e3e3e3; min-width: 1.6rem } .confusion th { max-width: 7rem; overflow-wrap: anywhere }`;
  const body = `<h2>COCO's numbers</h2>${table(['', ''], numbers)}
<h2>Precision and recall</h2><p>All classes together: the mean of their precisions at each recall, at three overlaps (IoU).</p>${curvesSvg(meanCurves(evaluation), { side: 320 })}
<h2>By class</h2>${absent > 0 ? `<p>Not in these pictures: ${absent} of ${classes.length} classes.</p>` : ''}${table(['class', 'objects', 'AP', 'AP50', 'AP75'], rows)}
<div class="curves">${labels.map((label, i) => classCurves(coco, label, i)).join('\n')}</div>
<h2>What was taken for what</h2><p>A row is what there was, a column what was found there (score ${confusion.threshold} or more, IoU 0.5 or more). Row ${BACKGROUND}: nothing was there. Column ${BACKGROUND}: nothing was found.</p>
${confusionTable(confusion.counts, [...labels, BACKGROUND])}`;
  return htmlPage({ title, style, body });
}

/** A number that is undefined (no object of that kind) is a dash. */
function cell(value: number): string {
  return value === -1 ? '–' : value.toFixed(3);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = titles.some((title) => title !== '')
    ? `<thead><tr>${titles.map((title) => `<th>${escapeXml(title)}</th>`).join('')}</tr></thead>`
    : '';
  return `<table>${head}<tbody>${rows.map((row) => `<tr>${row.map((text) => `<td>${escapeXml(text)}</td>`).join('')}</tr>`).join('\n')}</tbody></table>`;
}

function meanCurves({ coco, labels }: ReportedEvaluation): DrawnCurve[] {
  const present = labels.flatMap((_, label) => coco.curves(label) ?? []);
  const classes = present.length / IOU_THRESHOLDS.length;
  if (classes === 0) return [];
  return DRAWN.map(({ threshold, colour }) => {
    const precision = new Float64Array(RECALL_THRESHOLDS.length);
    for (let at = threshold; at < present.length; at += IOU_THRESHOLDS.length)
      present[at]!.precision.forEach((value, i) => (precision[i]! += value / classes));
    return named(threshold, colour, precision);
  });
}

function classCurves(coco: CocoEvaluator, label: string, index: number): string {
  const curves = coco.curves(index);
  return curves
    ? curvesSvg(
        DRAWN.map(({ threshold, colour }) => named(threshold, colour, curves[threshold]!.precision)),
        { side: 160, title: label },
      )
    : '';
}

/** COCO's average precision is the mean over the recalls. */
function named(threshold: number, colour: string, precision: Float64Array): DrawnCurve {
  const average = precision.reduce((sum, value) => sum + value, 0) / precision.length;
  return { text: `IoU ${IOU_THRESHOLDS[threshold]!.toFixed(2)}: ${average.toFixed(3)}`, colour, precision };
}

/** Counts shaded by their share of the row: green where class and class agree, red elsewhere. Classes that were neither there nor found are left out. */
function confusionTable(counts: readonly (readonly number[])[], names: readonly string[]): string {
  const places = names.flatMap((_, i) =>
    i === names.length - 1 || counts.some((row, j) => row[i]! > 0 || counts[i]![j]! > 0) ? [i] : [],
  );
  const rows = places.map((i) => {
    const total = counts[i]!.reduce((sum, count) => sum + count, 0);
    const cells = places.map((j) => {
      const count = counts[i]![j]!;
      if (i === names.length - 1 && j === i) return '<td></td>';
      const colour = i === j ? '10, 125, 44' : '196, 22, 28';
      return count === 0
        ? '<td>·</td>'
        : `<td style="background: rgba(${colour}, ${(0.1 + 0.6 * (count / total)).toFixed(2)})">${count}</td>`;
    });
    return `<tr><th>${escapeXml(names[i]!)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="confusion"><table><thead><tr><th></th>${places.map((i) => `<th>${escapeXml(names[i]!)}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}
