/**
 * Rows as delimited text: cells are quoted where RFC 4180 asks for it, and lines end in LF. A cell that is neither a text nor a
 * number is JSON; nothing stands for undefined and null.
 */
export function delimitedText(rows: readonly (readonly unknown[])[], delimiter: ',' | '\t'): string {
  return rows.map((cells) => `${cells.map((cell) => cellOf(cell, delimiter)).join(delimiter)}\n`).join('');
}

function cellOf(value: unknown, delimiter: string): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return [delimiter, '"', '\n', '\r'].some((special) => text.includes(special))
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
