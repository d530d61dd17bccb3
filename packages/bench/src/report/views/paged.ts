import { html, type Html } from '@headstart/core/pages';
import type { PagedView } from './shown.ts';

/** Rows of a page. */
const ROWS = 50;

/** One page of many rows, with buttons that lead to the others. */
export function paged<T>(
  rows: readonly T[],
  wanted: number,
  view: PagedView,
  draw: (rows: readonly T[], page: string) => Html,
): Html {
  const pages = Math.max(1, Math.ceil(rows.length / ROWS));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const from = page * ROWS;
  const shown = rows.slice(from, from + ROWS);
  const said = pages === 1 ? '' : `${from + 1} to ${from + shown.length} of ${rows.length.toLocaleString('en-US')}`;
  const button = (to: number, text: string) =>
    html`<button type="button" data-pages-of="${view}" data-page="${to}"${(to < 0 || to >= pages) && html` disabled`}>${text}</button>`;
  return html`${draw(shown, said)}${
    pages > 1 &&
    html`<nav class="pager scripted" aria-label="Pages of the table of ${view}">${button(0, 'First')}${button(page - 1, 'Previous')}<span>${said}</span>${button(page + 1, 'Next')}${button(pages - 1, 'Last')}</nav>`
  }`;
}
