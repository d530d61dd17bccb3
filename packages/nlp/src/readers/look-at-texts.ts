import { lookAtTable, type RecognisedLayout, type TableLook } from '@headstart/core/readers';
import { extname } from 'node:path';
import { plainTable } from './layouts/plain-table.ts';
import { knownFile } from './open-text-table.ts';
import { splitTables } from './split-tables.ts';
import { textColumns } from './text-columns.ts';
import type { TextTable } from './text-record.ts';
import { isFolder } from './text-sources.ts';

/** How sure the readers of tables are of what is at a path, and what it is instead that is known and not read. */
export interface TextLook {
  readonly texts: number;
  readonly pairs: number;
  readonly unread?: RecognisedLayout;
}

const NOTHING: TextLook = { texts: 0, pairs: 0 };

/** A file that is called a table; the reader of another kind of table, that knows its own by a look, is surer. */
const TABLE = 0.5;
/** A table that can be read, and is surely of texts. */
const SURE = 0.6;
/** Pairs with scores: the reader of labels would find none. */
const PAIRS = 0.7;
/** Tables that are named for splits, beside which there may be folders. */
const SPLITS = 0.82;
/** A table of pictures with texts beside them is one of texts only where that is asked for. */
const ASKED = 0.3;

const TABLE_ENDINGS = new Set(
  '.csv .tsv .tab .txt .log .md .jsonl .ndjson .parquet .xlsx .xlsm .xlsb .xls .ods .gz'.split(' '),
);

/** Looks at a file, or at the tables in a folder. */
export async function lookAtTexts(path: string): Promise<TextLook> {
  if (!(await isFolder(path))) return lookAtFile(path);
  const [first] = await splitTables(path).catch(() => []);
  if (!first) return NOTHING;
  const { texts, pairs } = await lookAtFile(first.path);
  const least = first.split ? SPLITS : TABLE;
  return { texts: texts >= TABLE ? least : 0, pairs: pairs > 0 ? least + 0.01 : 0 };
}

async function lookAtFile(path: string): Promise<TextLook> {
  const named = TABLE_ENDINGS.has(extname(path).toLowerCase()) ? TABLE : 0;
  let about: TableLook['about'] | undefined;
  try {
    const known = await knownFile(path);
    const look = known ? undefined : await lookAtTable(path);
    about = look?.about;
    if (about === 'boxes') return NOTHING;
    const { table, unread } = known ?? (await plainTable(look!.table));
    if (unread) return { ...NOTHING, unread };
    const readable = await hasColumns(table, path, false);
    if (about === 'pictures') return { ...NOTHING, texts: readable ? ASKED : 0 };
    const pairs = (await hasColumns(table, path, true)) ? PAIRS : 0;
    return { texts: readable && (about !== 'unknown' || table.layout !== undefined) ? SURE : named, pairs };
  } catch {
    // What is wrong with a table is for the reading to say; what no reader takes is not understood.
    return { ...NOTHING, texts: about === 'pictures' ? 0 : named };
  }
}

/** Whether a table has the columns that are needed for classes, or for pairs with scores. */
async function hasColumns(table: TextTable, file: string, scored: boolean): Promise<boolean> {
  try {
    const { pair, score } = await textColumns({ table, file, options: {}, scored });
    return !scored || (pair !== undefined && score !== undefined);
  } catch {
    return false;
  }
}
