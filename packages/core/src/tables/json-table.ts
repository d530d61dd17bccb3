import { HeadstartError } from '@headstart/artifacts/errors';
import { extname } from 'node:path';
import { cellTable, type CellRow } from './cell-table.ts';
import type { DataTable } from './data-table.ts';
import { columnsTable } from './json-columns.ts';
import { jsonLinesTable, parsedObject } from './json-lines-table.ts';
import { jsonPieces, jsonShape, type ItemPlace, type JsonShape } from './json-pieces.ts';
import { objectTable, type JsonItem } from './object-table.ts';
import { parseJson } from './parse-json.ts';
import type { TableText } from './table-text.ts';

/** Keys under which tables are kept, where an object has several lists. */
const USUAL_KEYS = ['data', 'rows', 'records', 'items', 'examples', 'samples', 'instances'];

/** Whether a text is JSON: an object or list begins it. A cell of delimited text that does so is in quotes. */
export function looksLikeJson(head: string, path: string): boolean {
  const named = ['.json', '.jsonl', '.ndjson', '.geojson'].includes(extname(path.replace(/\.gz$/i, '')).toLowerCase());
  return named || /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[{[\]]|$))/.test(head);
}

/**
 * A table in JSON: an object per line; objects one after another over several lines; a list of objects or of rows, also
 * under a key such as `data`; an object of columns, as pandas writes it.
 * @throws HeadstartError `target-unreadable`
 */
export async function jsonTable(text: TableText, header: boolean | undefined): Promise<DataTable> {
  if (isJsonLines(text)) return jsonLinesTable(text);
  const shape = await jsonShape(text);
  if (shape.first === '[') {
    const [element] = shape.parts;
    if (element?.first === '[') return rowsTable(text, { level: 1 }, header);
    return element === undefined || element.first === '{'
      ? itemsTable(text, { level: 1 })
      : rowsTable(text, { level: 0 }, header);
  }
  if (shape.first !== '{') throw noTable(text.path, 'it begins with neither an object nor a list');
  if (shape.several) return itemsTable(text, { level: 0 });
  // A single line under the name of lines is a row, whatever lists it has, unless it calls one the data.
  if (isLoneLine(text) && !shape.parts.some(({ key }) => USUAL_KEYS.includes(key!.toLowerCase())))
    return jsonLinesTable(text);
  const list = tableKey(shape, text.path);
  if (list) return (list.inner === '[' ? rowsTable : itemsTable)(text, { level: 2, key: list.key }, header);
  return (await columnsTable(text, shape)) ?? itemsTable(text, { level: 0 });
}

function isLoneLine({ path, head }: TableText): boolean {
  return isNamedLines(path) && !head.trim().includes('\n');
}

function isNamedLines(path: string): boolean {
  return /\.(?:jsonl|ndjson)(?:\.gz)?$/i.test(path);
}

/** Whether each line is an object of its own: the first is, or looks like one that is damaged. */
function isJsonLines({ path, head, whole }: TableText): boolean {
  const written = head.split('\n', 20).map((line) => line.trimEnd().replace(/,$/, ''));
  const lines = written.map((line) => line.trim());
  const [first, second] = lines.filter((line) => line !== '');
  if (first === undefined) return true;
  if (first === '[') return second !== undefined && isObjectText(second);
  const alone = second === undefined && (whole || head.includes('\n'));
  if (isObjectText(first)) return !alone;
  if (isNamedLines(path) && written.some(isObjectText)) return true;
  return second !== undefined && /^\{.+\}$/.test(first);
}

function isObjectText(text: string): boolean {
  return /^\{.*\}$/s.test(text) && parsedObject(text).object !== undefined;
}

function itemsTable(text: TableText, place: ItemPlace): Promise<DataTable> {
  const { path, encoding } = text;
  async function* items(): AsyncGenerator<JsonItem> {
    let item = 0;
    for await (const { json, line } of jsonPieces(text, place)) {
      const { object, fault } = parsedObject(json);
      yield { line: ++item, object, fault: fault && `${fault}, from line ${line}` };
    }
  }
  return objectTable({ path, format: 'json', unit: 'item', encoding, items });
}

function rowsTable(text: TableText, place: ItemPlace, header: boolean | undefined): Promise<DataTable> {
  const { path, encoding } = text;
  async function* rows(): AsyncGenerator<CellRow> {
    let item = 0;
    for await (const { json, line } of jsonPieces(text, place)) yield { line: ++item, ...parsedRow(json, line) };
  }
  return cellTable({ path, format: 'json', unit: 'item', encoding, rows }, header);
}

function parsedRow(json: string, line: number): Omit<CellRow, 'line'> {
  try {
    const value = parseJson(json);
    return Array.isArray(value) ? { cells: value } : { cells: [], fault: `it is not a list, in line ${line}` };
  } catch (cause) {
    return { cells: [], fault: `it is not JSON (${(cause as Error).message}), from line ${line}` };
  }
}

/** The list that is the table: under a usual key, or the only one of objects. */
function tableKey({ parts }: JsonShape, path: string): JsonShape['parts'][number] | undefined {
  const ofObjects = parts.filter(({ first, inner }) => first === '[' && inner === '{');
  const rows = !parts.some(({ key }) => key === 'columns'); // pandas' rows below their columns are not the whole table
  const isTable = ({ first, inner }: JsonShape['parts'][number]) =>
    first === '[' && (inner === '{' || (rows && inner === '['));
  const usual = parts.filter((part) => isTable(part) && USUAL_KEYS.includes(part.key!.toLowerCase()));
  const [list, ...others] = usual.length > 0 ? usual : ofObjects;
  if (others.length === 0) return list;
  const names = [list!, ...others].map(({ key }) => key).join(', ');
  throw noTable(path, `it holds several lists of objects (${names}), and it is not clear which is the table`);
}

function noTable(path: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is not a table in JSON: ${why}.`,
    hint: 'Give a list of objects, [{"text": …, "label": …}, …], or one object per line.',
  });
}
