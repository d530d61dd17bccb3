import { html, type Html } from '../../pages/html.ts';
import { dataTable } from '../../pages/tables/data-table.ts';
import { SPLITS } from '../count-splits.ts';
import type { Inspection } from '../inspection.ts';
import { count } from './count.ts';

/** Classes that are drawn; of more, the table in the command's JSON has all. */
const MOST_CLASSES = 200;

/** A bar for each class: its samples, or its objects, split by split. */
export function classBars({ labels, objects }: Pick<Inspection, 'labels' | 'objects'>): Html {
  const total = (counts: (typeof labels)[number]) => SPLITS.reduce((sum, split) => sum + counts[split], 0);
  const longest = Math.max(1, ...labels.map(total));
  const rows = labels.slice(0, MOST_CLASSES).map((counts) => {
    const parts = SPLITS.filter((split) => counts[split] > 0).map((split) => {
      const share = ((100 * counts[split]) / longest).toFixed(2);
      return html`<i class="${split}" style="flex: 0 0 max(2px, ${share}%)" title="${split}: ${count(counts[split])}"></i>`;
    });
    const bar = html`<div class="bar" aria-hidden="true">${parts}</div>`;
    return [counts.name, ...SPLITS.map((split) => counts[split]), { content: bar, value: total(counts) }];
  });
  const more = labels.length - rows.length;
  const table = dataTable({
    caption: `${objects ? 'Boxes' : 'Samples'} of each class, split by split.`,
    columns: ['class', ...SPLITS.map((title) => ({ title, numeric: true, format: count })), 'together'],
    rows,
    wide: true,
  });
  const key = html`<ul class="splits" aria-hidden="true">${SPLITS.map((split) => html`<li><i class="${split}"></i>${split}</li>`)}</ul>`;
  return html`${key}${table}${more > 0 && html`<p>… and ${count(more)} more classes.</p>`}`;
}
