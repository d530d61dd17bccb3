import { dataTable, html, notices, numbers, type Html } from '@headstart/core/pages';
import { placeName } from '../report/names.ts';
import { duration } from '../report/rounded.ts';
import type { EndedCell, WatchSnapshot } from './watch-snapshot.ts';

/** How far a benchmark is, as people read it: on the machine that runs it and in the page. */
export function watchView(snapshot: WatchSnapshot): Html {
  const { planned, refused, done, failed, warnings, latest, failures } = snapshot;
  const counts: (readonly [string, number])[] = [
    ['cells', planned],
    ['done', done],
    ['failed', failed],
    ['left', Math.max(0, planned - done - failed)],
    ...(refused > 0 ? [['refused', refused] as const] : []),
  ];
  return html`<p><label>${said(snapshot)} <progress max="${Math.max(1, planned)}" value="${done + failed}"></progress></label></p>
${numbers(counts.map(([name, count]) => [name, count.toLocaleString('en-US')]))}
${warnings.length > 0 && notices(warnings.map((message) => ({ kind: 'warn', message })))}
${failures.length > 0 && notices(failures.map((cell) => ({ kind: 'bad', message: cellName(cell), details: [cell.message ?? ''] })))}
${latest.length > 0 && latestTable(latest)}`;
}

/** The state in a sentence. */
export function said({ state, left, planned, done, failed }: WatchSnapshot): string {
  if (state === 'planning') return 'What the matrix comes to is being found out.';
  if (state === 'ended') return done + failed < planned ? 'Ended before all cells were run.' : 'All cells were run.';
  return left === null ? 'The first cells are under way.' : `About ${duration(left)} left.`;
}

function latestTable(cells: readonly EndedCell[]): Html {
  return dataTable({
    caption: 'The last cells, the newest first',
    sortable: false,
    columns: ['cell', 'state', { title: 'took', numeric: true, format: duration }],
    rows: cells.map((cell) => [cellName(cell), cell.state, cell.seconds]),
  });
}

function cellName({ coordinates }: EndedCell): string {
  return `${placeName(coordinates)}, seed ${coordinates.seed}`;
}
