import { dataTable, html, type Html } from '@headstart/core/pages';
import { decimal, duration } from '../rounded.ts';
import { distinct } from '../names.ts';
import type { ReportCell } from '../report-data.ts';

/** A cell's runs, a row per seed: every metric, the time, and the record that it stands in. */
export function runsTable({ runs, metric }: ReportCell): Html {
  const others = distinct(runs.flatMap(({ metrics }) => Object.keys(metrics))).filter((name) => name !== metric);
  const number = { numeric: true, format: decimal };
  return dataTable({
    caption: 'Its runs',
    columns: [
      { title: 'seed', numeric: true },
      { title: metric, ...number },
      ...others.map((title) => ({ title, ...number })),
      { title: 'seconds', numeric: true, format: duration },
      { title: 'record' },
    ],
    rows: runs.map(({ seed, state, value, metrics, seconds, record }) => [
      seed,
      state === 'failed' ? html`failed` : (value ?? undefined),
      ...others.map((name) => metrics[name]),
      seconds.total,
      html`<code title="${record}">${record.slice(0, 12)}</code>`,
    ]),
  });
}
