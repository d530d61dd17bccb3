/**
 * Words as the corpora of GloVe were cut: contractions apart (`do n't`, `it 's`), numbers whole, a sign each for itself.
 * Hyphenated words stay whole; who does not know them asks for their parts.
 */
const WORD =
  /\p{L}[\p{L}\p{M}]*?(?=n['’]t(?!\p{L}))|n['’]t(?!\p{L})|['’](?:s|re|ve|ll|d|m)(?!\p{L})|[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*|\p{N}+(?:[.,]\p{N}+)*|[^\s]/gu;

/** The words of a text, in lower case. */
export function splitWords(text: string): string[] {
  return (text.toLowerCase().match(WORD) ?? []).map((word) => word.replaceAll('’', "'"));
}

/** Rows of a text's words in a table. What the table does not know is looked for in parts and then left out. */
export function wordRows(text: string, rows: ReadonlyMap<string, number>): number[] {
  return splitWords(text).flatMap((word) => {
    const row = rows.get(word);
    if (row !== undefined) return [row];
    return word.includes('-') ? word.split('-').flatMap((part) => rows.get(part) ?? []) : [];
  });
}
