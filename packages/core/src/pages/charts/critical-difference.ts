import { scaleLinear } from 'd3-scale';
import { html, type Html } from '../html.ts';
import { round } from './axes.ts';
import { chartFigure, type ChartText } from './chart-figure.ts';
import { fitText } from './text-width.ts';

/** Mean ranks, and which of them the data do not tell apart (Demšar 2006). */
export interface CriticalDifference extends ChartText {
  /** The mean rank of each, 1 the best. */
  readonly ranks: readonly { readonly name: string; readonly rank: number }[];
  /** Names that no test tells apart, group by group; a bar joins each. */
  readonly ties: readonly (readonly string[])[];
}

const SIDE = 160;
const LINE = 22;
const TIE = 11;
/** Where the axis lies, under its numbers. */
const AXIS = 34;

/** An axis of ranks, the best at the left; a line leads from each place to its name, a bar joins those that are tied. */
export function criticalDifference(chart: CriticalDifference): Html {
  const { ties, width = 560 } = chart;
  const ranks = [...chart.ranks].sort((a, b) => a.rank - b.rank);
  const last = Math.max(2, ranks.length);
  const x = scaleLinear([1, last], [SIDE, width - SIDE]);
  const place = (rank: number) => round(x(rank));
  const rankOf = new Map(ranks.map(({ name, rank }) => [name, rank]));
  const joined = ties
    .filter((names) => names.length > 1)
    .map((names) => names.map((name) => rankOf.get(name)!).sort((a, b) => a - b));
  const under = AXIS + TIE * (joined.length + 1);
  const half = Math.ceil(ranks.length / 2);
  const height = chart.height ?? under + LINE * half + 8;
  const ticks = x.ticks(Math.min(last, 12)).filter(Number.isInteger);
  const axis = html`<path class="axis" d="M${SIDE} ${AXIS}H${width - SIDE}${ticks.map((tick) => `M${place(tick)} ${AXIS - 5}v5`)}"/>${ticks.map((tick) => html`<text class="tick" x="${place(tick)}" y="${AXIS - 10}" text-anchor="middle">${tick}</text>`)}
`;
  const leads = ranks.map(({ name, rank }, i) => {
    const left = i < half;
    const y = under + LINE * (left ? i : ranks.length - 1 - i) + 8;
    const end = left ? SIDE - 14 : width - SIDE + 14;
    return html`<path class="axis" d="M${place(rank)} ${AXIS}V${y}H${end}"/><text x="${left ? end - 6 : end + 6}" y="${y + 4}" text-anchor="${left ? 'end' : 'start'}">${fitText(name, SIDE - 58)} ${rank.toFixed(2)}<title>${name}: ${rank.toFixed(2)}</title></text>
`;
  });
  const bars = joined.map(
    (tied, i) =>
      html`<path class="tie" d="M${round(x(tied[0]!) - 3)} ${AXIS + TIE * (i + 1)}H${round(x(tied.at(-1)!) + 3)}"/>`,
  );
  return chartFigure(chart, {
    width,
    height,
    marks: html`${axis}${leads}${bars}`,
    table: {
      columns: [
        'name',
        { title: 'mean rank', numeric: true, format: (value) => value.toFixed(2) },
        'not told apart from',
      ],
      rows: ranks.map(({ name, rank }) => [name, rank, tiedWith(name, ties)]),
    },
  });
}

function tiedWith(name: string, ties: readonly (readonly string[])[]): string {
  const others = new Set(ties.filter((names) => names.includes(name)).flat());
  others.delete(name);
  return [...others].join(', ');
}
