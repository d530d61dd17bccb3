import { attributes, html, type Html, type HtmlPart } from '../html.ts';
import { classOf, shownCell, type TableCell, type TableColumn } from './cells.ts';
import { scrollRegion } from './scroll-region.ts';

/** A table of a page. */
export interface DataTable {
  /** What the table shows, in a sentence. */
  readonly caption: string;
  /** A title alone is a column of texts. */
  readonly columns: readonly (string | TableColumn)[];
  /** The first cell of each names it. */
  readonly rows: readonly (readonly TableCell[])[];
  /** Whether a click on a title sorts by its column; true where absent and there are rows to sort. */
  readonly sortable?: boolean;
  /** Whether it fills the width at hand, as tables of long texts do. */
  readonly wide?: boolean;
  /** Whether its caption is for screen readers only, because a title beside it says the same. */
  readonly quiet?: boolean;
}

/** A table with a caption, headers of rows and columns, and titles that sort. */
export function dataTable({ caption, columns, rows, sortable = rows.length > 1, wide, quiet }: DataTable): Html {
  const all = columns.map((column): TableColumn => (typeof column === 'string' ? { title: column } : column));
  const heads = all.map((column) => html`<th scope="col"${classOf(column)}>${column.title}</th>`);
  const table = html`<table${attributes({ 'data-sortable': sortable })}><caption${attributes({ class: quiet && 'unseen' })}><span>${caption}</span></caption><thead><tr>${heads}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${all.map((column, i) => cellHtml(row[i], column, i === 0))}</tr>
`,
  )}</tbody></table>`;
  return scrollRegion(caption, table, wide);
}

function cellHtml(cell: TableCell, column: TableColumn, named: boolean): HtmlPart {
  const [content, value] = shownCell(cell, column);
  return named
    ? html`<th scope="row"${classOf(column)}${value}>${content}</th>`
    : html`<td${classOf(column)}${value}>${content}</td>`;
}
