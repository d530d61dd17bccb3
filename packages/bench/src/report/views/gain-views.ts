import { dataTable, grid, html, intervalPlot, type Html } from '@headstart/core/pages';
import type { Amount, Gain, GainKind } from '../../gains/gain.ts';
import { settingNames } from '../figures/setting-names.ts';
import { matches } from '../filter.ts';
import { counted } from '../names.ts';
import { decimal, plusMinus } from '../rounded.ts';
import { paged } from './paged.ts';
import type { Shown } from './shown.ts';

const MOST_ROWS = 30;

/** What each kind is called, what its axis measures, and how it is read. */
const KINDS: Readonly<Record<GainKind, { readonly title: string; readonly axis: string; readonly read: string }>> = {
  samples: {
    title: 'Less data',
    axis: 'times fewer training samples',
    read: 'How many times fewer training samples it takes to reach the score that the other reaches with all of its own. Right of 1 is a gain.',
  },
  epochs: {
    title: 'Faster convergence',
    axis: 'times fewer epochs',
    read: 'How many times fewer epochs it takes to reach the validation score that the other ends with. Right of 1 is a gain.',
  },
  seconds: {
    title: 'Less time',
    axis: 'times fewer seconds of training',
    read: 'How many times fewer seconds of training it takes to reach the validation score that the other ends with. Right of 1 is a gain.',
  },
  gap: {
    title: 'Less overfitting',
    axis: 'difference of the gaps',
    read: 'The gap between the scores on training and on test samples, less the gap of the other. Left of 0 is a gain.',
  },
  score: {
    title: 'Higher score',
    axis: 'difference of the scores',
    read: 'The score on the test samples less that of the other, with the most samples that both were trained on. Where more is better, right of 0 is a gain.',
  },
};
const ORDER = Object.keys(KINDS) as readonly GainKind[];

/** What transfer gains against training from scratch and against the probe, kind by kind: estimates with their intervals. */
export function gainViews({ data, filter, pages }: Shown): Html | undefined {
  const { strategy, shots: _, ...place } = filter;
  const gains = data.gains.filter(
    ({ a, b, at }) =>
      matches({ ...at, strategy: a }, place) && (strategy === undefined || a === strategy || b === strategy),
  );
  if (gains.length === 0) return undefined;
  const nameOf = settingNames(gains.map(({ at }) => ({ ...at, shots: 'all' })));
  const plots = ORDER.map((kind) =>
    plot(
      kind,
      gains.filter((gain) => gain.kind === kind),
      nameOf,
    ),
  );
  return html`${grid(plots.filter((each) => each !== undefined))}${paged(gains, pages.gains, 'gains', gainTable)}`;
}

function plot(kind: GainKind, gains: readonly Gain[], nameOf: (setting: Gain['at']) => string): Html | undefined {
  const known = gains.flatMap(({ gain: { value, interval }, ...gain }) =>
    value === null || interval === null ? [] : [{ ...gain, value, interval }],
  );
  const [first] = known;
  if (!first) return undefined;
  const { title, axis, read } = KINDS[kind];
  const factor = first.scale === 'factor';
  const rows = known.slice(0, MOST_ROWS);
  const more = known.length > rows.length ? ` The first ${rows.length} of ${known.length}.` : '';
  return intervalPlot({
    title,
    description: read + more,
    x: {
      label: axis,
      ...(factor && { scale: 'log' }),
      format: (value) => (factor ? String(Number(value.toPrecision(2))) : decimal(value)),
    },
    reference: factor ? 1 : 0,
    rows: rows.map(({ a, b, at, value, interval: [low, high] }) => ({
      name: `${a}: ${nameOf(at)}`,
      value,
      low,
      high,
      group: `against ${b}`,
    })),
  });
}

function gainTable(gains: readonly Gain[], page: string): Html {
  return dataTable({
    caption:
      `These are estimates, one by one, and no verdicts; where some seeds do not reach the score, what stands there is a bound. ${page}`.trim(),
    columns: [
      'gain',
      'of',
      'against',
      'on',
      { title: 'gain', numeric: true },
      { title: 'its own', numeric: true },
      { title: "the other's", numeric: true },
      { title: 'seeds', numeric: true },
    ],
    rows: gains.map(({ kind, a, b, on, scale, gain, ofA, ofB, seeds }) => [
      KINDS[kind].title,
      a,
      b,
      html`<span class="line">${on}</span>`,
      amount(gain, scale === 'factor' ? ' times' : ''),
      amount(ofA),
      amount(ofB),
      counted(seeds, 'seed'),
    ]),
  });
}

const BOUNDS = { 'more-than': 'more than ', 'at-most': 'at most ' } as const;

/** A bound or a count without an interval has no more digits than three tell. */
function amount({ value, interval, bound }: Amount, unit = '') {
  if (value === null) return undefined;
  const text = interval ? plusMinus(value, interval) : String(Number(value.toPrecision(3)));
  return { content: `${bound ? BOUNDS[bound] : ''}${text}${unit}`, value };
}
