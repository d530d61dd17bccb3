import { escapeXml } from '../../pages/escape-xml.ts';

/** Rows of texts under titles. Columns of numbers are named by their place. */
export function htmlTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  { numbers = [], kind = '' }: { readonly numbers?: readonly number[]; readonly kind?: string } = {},
): string {
  const cell = (tag: 'td' | 'th') => (text: string, column: number) =>
    `<${tag}${numbers.includes(column) ? ' class="number"' : ''}>${escapeXml(text)}</${tag}>`;
  const head = titles.length > 0 ? `<thead><tr>${titles.map(cell('th')).join('')}</tr></thead>` : '';
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n');
  return `<table${kind === '' ? '' : ` class="${kind}"`}>${head}<tbody>${body}</tbody></table>`;
}

export const count = (value: number) => value.toLocaleString('en-US');
