import { area, line } from 'd3-shape';
import { html, type Html } from '../html.ts';
import { placeAxis, xAxis, yAxis, type Axis, type PlacedAxis, type Plot } from './axes.ts';
import { chartFigure, type ChartText } from './chart-figure.ts';
import { dashes, marker, seriesClass, seriesKey } from './series.ts';

/** A point of a line, with its interval where there is one. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** A line of a chart. */
export interface LineSeries {
  readonly name: string;
  /** By rising x. */
  readonly points: readonly LinePoint[];
}

/** Lines over a common axis: learning curves, convergence, precision against recall. */
export interface LineChart extends ChartText {
  readonly x: Axis;
  readonly y: Axis;
  /** All series that there may be, so that each looks the same in several charts; those without points are not shown. */
  readonly series: readonly LineSeries[];
}

/** Points of a line that get a marker each; with more, markers would cover it. */
const MOST_MARKED = 30;

/** A line for each series, intervals as bands around it. */
export function lineChart(chart: LineChart): Html {
  const { series, width = 560, height = 350 } = chart;
  const plot: Plot = { left: 62, right: width - 14, top: 12, bottom: height - 46 };
  const points = series.flatMap((one) => one.points);
  const x = placeAxis(
    chart.x,
    points.map((point) => point.x),
    [plot.left, plot.right],
    'x',
  );
  const heights = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  const y = placeAxis(chart.y, heights, [plot.bottom, plot.top], 'y');
  const marked = series.every((one) => one.points.length <= MOST_MARKED);
  const bands = series.map((one, i) => bandOf(one, i, x, y));
  const lines = series.map((one, i) => lineOf(one, i, x, y, marked));
  return chartFigure(chart, {
    width,
    height,
    marks: html`${xAxis(x, chart.x.label, plot)}${yAxis(y, chart.y.label, plot)}${bands}${lines}`,
    key: seriesKey(
      series.map(({ name }) => name),
      marked ? 'line' : 'plain-line',
      (index) => series[index]!.points.length > 0,
    ),
    table: tableOf(chart, x, y),
  });
}

function bandOf({ points }: LineSeries, index: number, x: PlacedAxis, y: PlacedAxis): Html | undefined {
  if (!points.some(({ low, high }) => low !== undefined || high !== undefined)) return undefined;
  const band = area<LinePoint>()
    .x((point) => x.place(point.x))
    .y0((point) => y.place(point.low ?? point.y))
    .y1((point) => y.place(point.high ?? point.y));
  return html`<path class="band ${seriesClass(index)}" d="${band(points)!}"/>`;
}

function lineOf(
  { name, points }: LineSeries,
  index: number,
  x: PlacedAxis,
  y: PlacedAxis,
  marked: boolean,
): Html | undefined {
  if (points.length === 0) return undefined;
  const path = line<LinePoint>()
    .x((point) => x.place(point.x))
    .y((point) => y.place(point.y))(points);
  const markers = points.map((point) =>
    marker(index, x.place(point.x), y.place(point.y), `${name}, ${x.format(point.x)}: ${withInterval(point, y)}`),
  );
  return html`<path class="line ${seriesClass(index)}" d="${path ?? ''}"${dashes(index)}><title>${name}</title></path>${marked && markers}
`;
}

function withInterval({ y, low, high }: LinePoint, axis: PlacedAxis): string {
  const interval = low === undefined || high === undefined ? '' : ` (${axis.format(low)} to ${axis.format(high)})`;
  return axis.format(y) + interval;
}

/** A row for each x, a column for each series: what stands at one place is compared. */
function tableOf({ series: all, x: { label } }: LineChart, x: PlacedAxis, y: PlacedAxis) {
  const series = all.filter(({ points }) => points.length > 0);
  const at = series.map(({ points }) => new Map(points.map((point) => [point.x, point])));
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].sort((a, b) => a - b);
  return {
    columns: [
      { title: label, numeric: true, format: x.format },
      ...series.map(({ name }) => ({ title: name, numeric: true })),
    ],
    rows: places.map((place) => [
      place,
      ...at.map((points) => {
        const point = points.get(place);
        return point && { content: withInterval(point, y), value: point.y };
      }),
    ]),
  };
}
