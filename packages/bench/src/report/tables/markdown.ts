import { numberText, plainLine, type TextTable } from './text-table.ts';

/** A table in GitHub's Markdown. */
export function markdownTable({ title, columns, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? escapeMarkdown(cell) : numberText(cell))),
  );
  return [
    `# ${escapeMarkdown(title)}`,
    '',
    line(columns.map((column) => escapeMarkdown(column.title))),
    line(columns.map(({ kind }) => (kind ? '---:' : '---'))),
    ...cells.map(line),
    '',
  ].join('\n');
}

/** Text on one line in which Markdown, and the HTML in it, finds nothing to do: no format, no link, no mention. */
export function escapeMarkdown(text: string): string {
  return plainLine(text)
    .replace(/[\\`*_{}[\]<>()#|~!$^]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replace(/^([+-])(?=\s)/, '\\$1')
    .replace(/^(\d+)\.(?=\s)/, '$1\\.')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}&#46;`)
    .replaceAll('@', '&#64;');
}
