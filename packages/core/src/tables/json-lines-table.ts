import type { DataTable } from './data-table.ts';
import { objectTable, type JsonItem } from './object-table.ts';
import { isObject, parseJson } from './parse-json.ts';
import type { TableText } from './table-text.ts';
import { linesOf } from './utf8-file.ts';

/**
 * A table of one JSON object per line, whatever the file is called; empty lines are passed over, and so are commas at
 * the ends of lines and brackets in lines of their own, which make the whole a list.
 * @throws HeadstartError `target-unreadable`
 */
export function jsonLinesTable(text: TableText): Promise<DataTable> {
  const { path, encoding } = text;
  return objectTable({ path, format: 'jsonl', unit: 'line', encoding, items: () => lineItems(text) });
}

async function* lineItems(text: TableText): AsyncGenerator<JsonItem> {
  for await (const { text: line, line: number } of linesOf(text.path, text.chunks())) {
    const json = line.trim().replace(/,$/, '');
    if (json !== '' && !/^[[\]]$/.test(json)) yield { line: number, ...parsedObject(json) };
  }
}

/** An object from its text, or why it is none, as the end of a sentence. */
export function parsedObject(json: string): Omit<JsonItem, 'line'> {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (cause) {
    return { fault: `it is not JSON (${(cause as Error).message})` };
  }
  return isObject(value) ? { object: value } : { fault: 'it is not a JSON object' };
}
