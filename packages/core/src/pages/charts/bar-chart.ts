import { scaleBand } from 'd3-scale';
import { html, type Html } from '../html.ts';
import { placeAxis, round, xAxis, type Axis, type PlacedAxis, type Plot } from './axes.ts';
import { chartFigure, type ChartText } from './chart-figure.ts';
import { labelWidth, rowLabels } from './row-labels.ts';
import { dashes, seriesClass, seriesKey } from './series.ts';

/** A bar's length, with its interval where there is one. */
export interface BarValue {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** Bars that lie: their names have room on the left. */
export interface BarChart extends ChartText {
  /** What their lengths are; it takes in zero. */
  readonly x: Axis;
  /** What each group of bars is of. */
  readonly categories: readonly string[];
  /** A bar in each group; `undefined` where there is none. */
  readonly series: readonly { readonly name: string; readonly values: readonly (BarValue | undefined)[] }[];
}

/** Pixels of a bar, and between groups. */
const BAR = 18;
const GAP = 12;

/** Bars from zero, by category and series, with whiskers where there are intervals. */
export function barChart(chart: BarChart): Html {
  const { categories, series, width = 560 } = chart;
  const height = chart.height ?? categories.length * (series.length * BAR + GAP) + 62;
  const plot: Plot = { left: labelWidth(categories), right: width - 20, top: 8, bottom: height - 46 };
  const all = series.flatMap(({ values }) =>
    values.flatMap((bar) => (bar ? [bar.value, bar.low ?? bar.value, bar.high ?? bar.value] : [])),
  );
  const x = placeAxis(chart.x, [0, ...all], [plot.left, plot.right], 'x');
  const rows = scaleBand([...categories.keys()], [plot.top, plot.bottom])
    .paddingInner(GAP / (series.length * BAR + GAP))
    .paddingOuter(0.15);
  const thick = rows.bandwidth() / Math.max(1, series.length);
  const bars = series.map(({ name, values }, s) =>
    values.map(
      (bar, row) =>
        bar &&
        barOf(bar, `${categories[row]}${series.length > 1 ? `, ${name}` : ''}`, s, rows(row)! + s * thick, thick, x),
    ),
  );
  const zero = x.place(Math.max(0, x.domain[0]));
  return chartFigure(chart, {
    width,
    height,
    marks: html`${xAxis(x, chart.x.label, plot)}${rowLabels(categories, plot.left, (row) => rows(row)! + rows.bandwidth() / 2)}${bars}<path class="axis" d="M${zero} ${plot.top}V${plot.bottom}"/>`,
    key: seriesKey(
      series.map(({ name }) => name),
      'bar',
    ),
    table: {
      columns: ['name', ...series.map(({ name }) => ({ title: name, numeric: true }))],
      rows: categories.map((category, row) => [
        category,
        ...series.map(({ values }) => {
          const bar = values[row];
          return bar && { content: spoken(bar, x), value: bar.value };
        }),
      ]),
    },
  });
}

function barOf(bar: BarValue, name: string, index: number, top: number, thick: number, x: PlacedAxis): Html {
  const [from, to] = [x.place(Math.max(0, x.domain[0])), x.place(bar.value)];
  const [left, wide] = [Math.min(from, to), Math.abs(to - from)];
  const middle = round(top + thick / 2);
  const whisker =
    bar.low !== undefined &&
    bar.high !== undefined &&
    html`<path class="whisker" d="M${x.place(bar.low)} ${middle}H${x.place(bar.high)}M${x.place(bar.low)} ${middle - 4}v8M${x.place(bar.high)} ${middle - 4}v8"/>`;
  return html`<rect class="bar ${seriesClass(index)}" x="${round(left)}" y="${round(top + 1)}" width="${round(wide)}" height="${round(thick - 2)}"${dashes(index)}><title>${name}: ${spoken(bar, x)}</title></rect>${whisker}
`;
}

function spoken({ value, low, high }: BarValue, { format }: PlacedAxis): string {
  return format(value) + (low === undefined || high === undefined ? '' : ` (${format(low)} to ${format(high)})`);
}
