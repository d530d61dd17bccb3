import { html, type Html } from '../html.ts';
import { placeAxis, round, xAxis, type Axis, type Plot } from './axes.ts';
import { chartFigure, type ChartText } from './chart-figure.ts';
import { labelWidth, rowLabels } from './row-labels.ts';
import { marker, seriesClass, seriesKey } from './series.ts';

/** A value with its interval. */
export interface IntervalRow {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** What follows from it, such as a verdict: its colour and marker go by it, and the table has it. */
  readonly group?: string;
}

/** Intervals under one another, as a forest plot has them: differences with what they may be. */
export interface IntervalPlot extends ChartText {
  readonly x: Axis;
  readonly rows: readonly IntervalRow[];
  /** All groups that rows may have, so that each looks the same in several plots; those there are where absent. */
  readonly groups?: readonly string[];
  /** A value to compare with, drawn as a line; zero, say. */
  readonly reference?: number;
  /** What is as good as the reference, drawn as a zone: from minus to plus delta, say. */
  readonly zone?: readonly [low: number, high: number];
}

const ROW = 26;

/** A row for each interval: its value as a marker on a line from its lower to its upper end. */
export function intervalPlot(chart: IntervalPlot): Html {
  const { rows, reference, zone, width = 560 } = chart;
  const height = chart.height ?? rows.length * ROW + 66;
  const names = rows.map(({ name }) => name);
  const plot: Plot = { left: labelWidth(names), right: width - 20, top: 8, bottom: height - 46 };
  const values = [
    ...rows.flatMap(({ value, low, high }) => [value, low, high]),
    ...(reference === undefined ? [] : [reference]),
    ...(zone ?? []),
  ];
  const x = placeAxis(chart.x, values, [plot.left, plot.right], 'x');
  const groups = chart.groups ?? [...new Set(rows.map(({ group = '' }) => group))];
  const middle = (row: number) => round(plot.top + ((row + 0.5) * (plot.bottom - plot.top)) / rows.length);
  const shownZone =
    zone &&
    html`<rect class="zone" x="${x.place(zone[0])}" y="${plot.top}" width="${round(x.place(zone[1]) - x.place(zone[0]))}" height="${plot.bottom - plot.top}"/>`;
  const shownReference =
    reference !== undefined && html`<path class="zero" d="M${x.place(reference)} ${plot.top}V${plot.bottom}"/>`;
  const marks = rows.map(({ name, value, low, high, group = '' }, i) => {
    const look = groups.indexOf(group);
    const note = `${name}: ${x.format(value)} (${x.format(low)} to ${x.format(high)})${group && `, ${group}`}`;
    return html`<path class="interval ${seriesClass(look)}" d="M${x.place(low)} ${middle(i)}H${x.place(high)}"/>${marker(look, x.place(value), middle(i), note)}
`;
  });
  return chartFigure(chart, {
    width,
    height,
    marks: html`${shownZone}${xAxis(x, chart.x.label, plot)}${shownReference}${rowLabels(names, plot.left, middle)}${marks}`,
    key: seriesKey(groups, 'marker', (index) => rows.some(({ group = '' }) => group === groups[index])),
    table: {
      columns: [
        'name',
        ...[chart.x.label, 'from', 'to'].map((title) => ({ title, numeric: true, format: x.format })),
        ...(groups.some(Boolean) ? ['group'] : []),
      ],
      rows: rows.map(({ name, value, low, high, group }) => [name, value, low, high, group]),
    },
  });
}
