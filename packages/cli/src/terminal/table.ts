import { stripVTControlCharacters } from 'node:util';
import { terminalText } from './colours.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Characters that take two columns of a terminal, and such as take none: accents over others, marks that are not seen. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns that a text takes in a terminal. */
function length(text: string): number {
  const plain = stripVTControlCharacters(terminalText(text));
  if (/^[ -~]*$/.test(plain)) return plain.length;
  return [...plain].reduce((sum, character) => sum + (NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1), 0);
}

/** Fills text up with blanks; colours do not count. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - length(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

/**
 * Rows under headings, columns two blanks apart. The last column is wrapped at words to stay within
 * `width` where its text is longer.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width = 80): string[] {
  const last = columns.length - 1;
  const widths = columns.map(({ title }, i) => Math.max(length(title), ...rows.map((row) => length(row[i] ?? ''))));
  const before = widths.slice(0, last).reduce((sum, w) => sum + w + 2, 0);
  const room = Math.max(20, width - before);
  return [columns.map(({ title }) => title), ...rows].flatMap((row) => {
    const [first = '', ...rest] = wrap(row[last] ?? '', room);
    const lead = row
      .slice(0, last)
      .map((cell, i) => pad(cell, widths[i]!, columns[i]!.align ?? 'left') + '  ')
      .join('');
    const lastWidth = Math.min(widths[last]!, room);
    return [
      (lead + pad(first, lastWidth, columns[last]!.align ?? 'left')).trimEnd(),
      ...rest.map((line) => ' '.repeat(before) + line),
    ];
  });
}

/** Breaks text at blanks into lines of at most `width`; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && length(line) + 1 + length(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
