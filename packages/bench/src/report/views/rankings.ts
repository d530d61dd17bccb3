import { criticalDifference, dataTable, html, type Html } from '@headstart/core/pages';
import type { Ranking } from '../../statistics/rankings.ts';
import { counted, distinct } from '../names.ts';
import { decimal, pText } from '../rounded.ts';
import { groupLetter } from '../tables/report-tables.ts';
import type { Shown } from './shown.ts';

/** Strategies in order of their mean ranks, with what is not told apart, as a diagram and as a table: of the whole benchmark. */
export function rankings({ data }: Shown): Html | undefined {
  if (data.rankings.length === 0) return undefined;
  return html`${data.rankings.map(
    (ranking) => html`<h3>${ranking.on}</h3>${diagram(ranking)}${rankingTable(ranking)}`,
  )}`;
}

/** A critical-difference diagram (Demšar, 2006). */
function diagram({ on, domains, entries, apart, p, notes }: Ranking): Html {
  const groups = distinct(entries.flatMap((entry) => entry.groups));
  const read = [
    `Mean ranks over ${counted(domains.length, 'test domain')}, the best on the left.`,
    p === null ? '' : 'A bar joins strategies that are not told apart.',
    apart === null ? '' : `Those at least ${decimal(apart, 2)} apart differ (Nemenyi).`,
    ...notes,
  ];
  return criticalDifference({
    title: `Mean ranks, ${on}`,
    description: read.filter((sentence) => sentence !== '').join(' '),
    ranks: entries.map(({ strategy, rank }) => ({ name: strategy, rank })),
    ties: groups.map((group) =>
      entries.filter((entry) => entry.groups.includes(group)).map(({ strategy }) => strategy),
    ),
  });
}

function rankingTable({ on, metric, domains, entries, p }: Ranking): Html {
  const test =
    p === null
      ? 'too few domains to test whether they differ'
      : `p ${pText(p)} that all are alike (${entries.length === 2 ? 'Wilcoxon or signs' : 'Friedman, as Iman and Davenport have it'}); strategies that share a letter are not told apart`;
  return dataTable({
    caption: `${on}, over ${domains.join(', ')}: ${test}.`,
    columns: [
      'strategy',
      { title: 'mean rank', numeric: true, format: (value) => decimal(value, 2) },
      'group',
      { title: `mean ${metric}`, numeric: true, format: (value) => decimal(value) },
    ],
    rows: entries.map(({ strategy, rank, mean, groups }) => [
      strategy,
      rank,
      groups.map(groupLetter).join(''),
      mean ?? undefined,
    ]),
  });
}
