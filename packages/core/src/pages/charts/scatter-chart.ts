import { html, type Html } from '../html.ts';
import { placeAxis, xAxis, yAxis, type Axis, type PlacedAxis, type Plot } from './axes.ts';
import { chartFigure, type ChartText } from './chart-figure.ts';
import { marker, seriesClass, seriesKey } from './series.ts';
import { textWidth } from './text-width.ts';

/** A point of a scatter chart, with its interval upwards where there is one. */
export interface ScatterPoint {
  readonly name: string;
  /** One of the chart's groups. */
  readonly group: string;
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** Points of two numbers each: cost against score. */
export interface ScatterChart extends ChartText {
  readonly x: Axis;
  readonly y: Axis;
  readonly points: readonly ScatterPoint[];
  /** All groups that points may have, so that each looks the same in several charts; those there are where absent. */
  readonly groups?: readonly string[];
}

/** Points that have their names beside them; with more, names would cover points. */
const MOST_NAMED = 14;

/** Markers by group, named where they are few. */
export function scatterChart(chart: ScatterChart): Html {
  const { points, width = 560, height = 380 } = chart;
  const plot: Plot = { left: 62, right: width - 14, top: 12, bottom: height - 46 };
  const x = placeAxis(
    chart.x,
    points.map((point) => point.x),
    [plot.left, plot.right],
    'x',
  );
  const y = placeAxis(
    chart.y,
    points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]),
    [plot.bottom, plot.top],
    'y',
  );
  const groups = chart.groups ?? [...new Set(points.map(({ group }) => group))];
  const intervals = points.map((point) => intervalOf(point, groups.indexOf(point.group), x, y));
  const markers = points.map((point) =>
    marker(
      groups.indexOf(point.group),
      x.place(point.x),
      y.place(point.y),
      `${point.name}, ${point.group}: ${x.format(point.x)}, ${y.format(point.y)}`,
    ),
  );
  return chartFigure(chart, {
    width,
    height,
    marks: html`${xAxis(x, chart.x.label, plot)}${yAxis(y, chart.y.label, plot)}${intervals}
${markers}
${points.length <= MOST_NAMED && namesOf(points, x, y, plot)}`,
    key: seriesKey(groups, 'marker', (index) => points.some(({ group }) => group === groups[index])),
    table: {
      columns: [
        'name',
        'group',
        { title: chart.x.label, numeric: true, format: x.format },
        { title: chart.y.label, numeric: true },
      ],
      rows: points.map((point) => [
        point.name,
        point.group,
        point.x,
        { content: y.format(point.y) + spokenInterval(point, y), value: point.y },
      ]),
    },
  });
}

function spokenInterval({ low, high }: ScatterPoint, { format }: PlacedAxis): string {
  return low === undefined || high === undefined ? '' : ` (${format(low)} to ${format(high)})`;
}

function intervalOf({ x: at, low, high }: ScatterPoint, index: number, x: PlacedAxis, y: PlacedAxis): Html | undefined {
  if (low === undefined || high === undefined) return undefined;
  return html`<path class="interval ${seriesClass(index)}" d="M${x.place(at)} ${y.place(low)}V${y.place(high)}"/>`;
}

/** Names beside their points, each where it covers no other name or point; left out where there is no such place. */
function namesOf(points: readonly ScatterPoint[], x: PlacedAxis, y: PlacedAxis, plot: Plot): Html {
  type Place = readonly [left: number, top: number, width: number, height: number];
  const taken: Place[] = points.map((point) => [x.place(point.x) - 6, y.place(point.y) - 6, 12, 12]);
  const free = ([left, top, wide, high]: Place) =>
    left >= plot.left &&
    left + wide <= plot.right &&
    top >= plot.top &&
    top + high <= plot.bottom &&
    !taken.some(([l, t, w, h]) => left < l + w && l < left + wide && top < t + h && t < top + high);
  return html`${points.map(({ name, x: atX, y: atY }) => {
    const [px, py, wide] = [x.place(atX), y.place(atY), textWidth(name)];
    const found = (
      [
        [px + 9, py - 8],
        [px - 9 - wide, py - 8],
        [px - wide / 2, py - 24],
        [px - wide / 2, py + 9],
      ] as const
    )
      .map(([left, top]): Place => [left, top, wide, 16])
      .find(free);
    if (found === undefined) return undefined;
    taken.push(found);
    return html`<text x="${Math.round(found[0] + wide / 2)}" y="${Math.round(found[1] + 12)}" text-anchor="middle">${name}</text>`;
  })}`;
}
