import { HeadstartError } from '@headstart/artifacts/errors';
import type { DataTable } from './data-table.ts';
import type { JsonShape } from './json-pieces.ts';
import { objectTable, type JsonItem } from './object-table.ts';
import { isObject, parseJson } from './parse-json.ts';
import type { TableText } from './table-text.ts';

/** Columns stand one after another in the file, so that rows are made in memory. */
const LARGEST = 256 * 2 ** 20;

type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * A table in an object of columns, as pandas writes it (`orient` columns, list, split and index); undefined where the
 * object is none.
 * @throws HeadstartError `target-unreadable`, also where it is larger than what is read into memory
 */
export async function columnsTable(text: TableText, { parts }: JsonShape): Promise<DataTable | undefined> {
  const same = parts.length > 0 && parts.every(({ first }) => first === parts[0]!.first);
  const split = parts.some(({ key }) => key === 'columns') && parts.some(({ key }) => key === 'data');
  if (!split && !(same && '[{'.includes(parts[0]!.first))) return undefined;
  const rows = rowsOf(await wholeObject(text));
  if (rows === undefined) return undefined;
  const items = async function* (): AsyncGenerator<JsonItem> {
    for (const [index, object] of rows.entries()) yield { line: index + 1, object };
  };
  return objectTable({ path: text.path, format: 'json', unit: 'item', encoding: text.encoding, items });
}

async function wholeObject(text: TableText): Promise<Readonly<Record<string, unknown>>> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of text.chunks()) {
    pieces.push(chunk);
    if ((size += chunk.length) > LARGEST) throw tooLarge(text.path);
  }
  const whole = Buffer.concat(pieces).toString('utf8');
  try {
    return parseJson(whole) as Record<string, unknown>;
  } catch (cause) {
    const { message } = cause as Error;
    const position = Number(/ position (\d+)/.exec(message)?.[1]);
    const line = position >= 0 ? `, line ${whole.slice(0, position).split('\n').length}` : '';
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${text.path}${line}: it is not JSON: ${message}.`,
      hint: 'Write the file again with a JSON library.',
      cause,
    });
  }
}

function rowsOf(object: Readonly<Record<string, unknown>>): Rows | undefined {
  const { columns, data } = object;
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray)) {
    return data.map((row: readonly unknown[]) => Object.fromEntries(columns.map((name, i) => [String(name), row[i]])));
  }
  const entries = Object.entries(object);
  if (entries.every((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))) return fromLists(entries);
  if (!entries.every((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]))) return undefined;
  const keys = Object.keys(entries[0]![1]);
  const alike = entries.every(
    ([, inner]) => Object.keys(inner).length === keys.length && keys.every((key) => Object.hasOwn(inner, key)),
  );
  if (!alike || keys.length === 0) return undefined;
  // Row numbers are within for columns, without for rows; names of rows are more than names of columns.
  const numbered = (names: readonly string[]) => names.every((name) => /^\d+$/.test(name));
  const outer = entries.map(([name]) => name);
  const byRow = numbered(outer) !== numbered(keys) ? numbered(outer) : outer.length > keys.length;
  if (byRow) return entries.map(([, row]) => row);
  return keys.map((key) => Object.fromEntries(entries.map(([name, column]) => [name, column[key]])));
}

function fromLists(entries: readonly (readonly [string, readonly unknown[]])[]): Rows | undefined {
  const { length } = entries[0]![1];
  if (!entries.every(([, column]) => column.length === length)) return undefined;
  return Array.from({ length }, (_, row) => Object.fromEntries(entries.map(([name, column]) => [name, column[row]])));
}

function tooLarge(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} holds its columns one after another and is larger than ${LARGEST / 2 ** 20} MiB.`,
    hint: 'Write a row per line: in pandas, to_json(path, orient="records", lines=True).',
  });
}
