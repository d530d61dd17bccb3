import { bin, max } from 'd3-array';
import { html, type Html } from '../html.ts';
import { placeAxis, round, xAxis, yAxis, type Axis, type Plot } from './axes.ts';
import { chartFigure, type ChartText } from './chart-figure.ts';

/** How often values of a kind occur. */
export interface Histogram extends ChartText {
  readonly x: Axis;
  readonly values: readonly number[];
  /** How many bins there are to be, about: their edges are round numbers. */
  readonly bins?: number;
}

/** A bar for each bin, as high as there are values in it. */
export function histogram(chart: Histogram): Html {
  const { values, bins = 20, width = 560, height = 300 } = chart;
  const plot: Plot = { left: 62, right: width - 14, top: 12, bottom: height - 46 };
  const x = placeAxis(chart.x, values, [plot.left, plot.right], 'x');
  const [first, last] = x.domain;
  const found = bin().domain([first, last]).thresholds(bins)(values);
  const y = placeAxis(
    { label: 'count', format: (count) => (Number.isInteger(count) ? String(count) : '') },
    [0, max(found, ({ length }) => length) ?? 1],
    [plot.bottom, plot.top],
    'y',
  );
  const bars = found.map((one) => {
    const [left, right, top] = [x.place(one.x0!), x.place(one.x1!), y.place(one.length)];
    if (one.length === 0) return undefined;
    return html`<rect class="bar s0" x="${round(left + 0.5)}" y="${top}" width="${round(Math.max(1, right - left - 1))}" height="${round(plot.bottom - top)}"><title>${x.format(one.x0!)} to ${x.format(one.x1!)}: ${one.length}</title></rect>`;
  });
  return chartFigure(chart, {
    width,
    height,
    marks: html`${xAxis(x, chart.x.label, plot)}${yAxis(y, 'count', plot)}${bars}`,
    table: {
      columns: [
        { title: `${chart.x.label}, from`, numeric: true, format: x.format },
        { title: 'to', numeric: true, format: x.format },
        { title: 'count', numeric: true },
      ],
      rows: found.map((one) => [one.x0, one.x1, one.length]),
    },
  });
}
