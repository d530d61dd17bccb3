import { dataTable, html, type Html } from '@headstart/core/pages';
import { addressOf } from '../address.ts';
import { plusMinus } from '../rounded.ts';
import type { ReportCell } from '../report-data.ts';
import { paged } from './paged.ts';
import type { Shown } from './shown.ts';

/** All cells, each opening to what is known of it. */
export function cellsTable({ cells, pages }: Shown): Html | undefined {
  if (cells.length === 0) return undefined;
  const adapted = cells.some(({ adapt }) => adapt !== null);
  return paged(cells, pages.cells, 'cells', (rows, page) =>
    dataTable({
      caption: ['Cells: the mean of their seeds ± half of its interval. A score opens its cell.', page]
        .filter(Boolean)
        .join(' '),
      columns: [
        'strategy',
        'source',
        'trained on',
        ...(adapted ? ['adapted to'] : []),
        'tested on',
        { title: 'shots', numeric: true },
        'metric',
        { title: 'mean', numeric: true },
        { title: 'seeds', numeric: true },
      ],
      rows: rows.map((cell) => [
        cell.strategy,
        cell.source,
        cell.train,
        ...(adapted ? [cell.adapt ?? ''] : []),
        cell.test,
        { content: String(cell.shots), value: cell.shots === 'all' ? Number.MAX_SAFE_INTEGER : cell.shots },
        cell.metric,
        score(cell),
        seeds(cell),
      ]),
    }),
  );
}

function score({ key, mean, interval }: ReportCell) {
  const text = mean === null ? 'failed' : plusMinus(mean, interval);
  return { content: html`<a href="${addressOf({ cell: key })}">${text}</a>`, value: mean ?? '' };
}

function seeds({ runs }: ReportCell) {
  const done = runs.filter(({ state }) => state === 'done').length;
  return { content: done === runs.length ? String(done) : `${done} of ${runs.length}`, value: done };
}
