import { lineChart, type Html } from '@headstart/core/pages';
import { IOU_THRESHOLDS, RECALL_THRESHOLDS } from '../metrics/coco-settings.ts';

/** The overlaps whose curves are drawn, by their place among COCO's ten: 0.50, 0.75 and 0.90. */
const DRAWN = [0, 5, 8] as const;
/** The table beside a chart has every tenth of the 101 recalls. */
const TABLE_STEP = 10;

/** Precision at each of COCO's recalls, for each of its overlaps. */
export type PrecisionCurves = readonly { readonly precision: ArrayLike<number> }[];

/** What a chart of curves says. */
export interface CurvesText {
  readonly title: string;
  readonly description: string;
  readonly width?: number;
  readonly height?: number;
}

/** Precision against recall at three overlaps; each curve's name has its mean, which is COCO's average precision. */
export function precisionRecall(curves: PrecisionCurves, text: CurvesText): Html {
  const drawn = DRAWN.map((threshold) => curves[threshold]!.precision);
  const names = drawn.map(
    (precision, i) => `IoU ${IOU_THRESHOLDS[DRAWN[i]!]!.toFixed(2)}: ${mean(precision).toFixed(3)}`,
  );
  const recalls = [...RECALL_THRESHOLDS];
  const rows = recalls.flatMap((recall, i) =>
    i % TABLE_STEP === 0 ? [[recall, ...drawn.map((curve) => curve[i])]] : [],
  );
  const unit = { domain: [0, 1] } as const;
  return lineChart({
    ...text,
    x: { label: 'recall', ...unit },
    y: { label: 'precision', ...unit },
    series: names.map((name, s) => ({ name, points: recalls.map((x, i) => ({ x, y: drawn[s]![i]! })) })),
    table: {
      columns: ['recall', ...names].map((title) => ({
        title,
        numeric: true,
        format: (value) => value.toFixed(title === 'recall' ? 1 : 3),
      })),
      rows,
    },
  });
}

/** The mean of several classes' curves, overlap by overlap. */
export function meanCurves(classes: readonly PrecisionCurves[]): PrecisionCurves {
  return Array.from(IOU_THRESHOLDS, (_, threshold) => {
    const precision = new Float64Array(RECALL_THRESHOLDS.length);
    for (const curves of classes)
      for (let i = 0; i < precision.length; i++) precision[i]! += curves[threshold]!.precision[i]! / classes.length;
    return { precision };
  });
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
