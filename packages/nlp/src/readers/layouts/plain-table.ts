import { firstRecords, type DataTable, type TableRecord } from '@headstart/core/readers';
import type { KnownTable, TextRecord, TextTable } from '../text-record.ts';
import { argilla, argilla2 } from './argilla.ts';
import { doccano } from './doccano.ts';
import { intents } from './intents.ts';
import { labelStudio } from './label-studio.ts';
import { prodigy } from './prodigy.ts';
import type { Fields, PlainView, RecordLayout } from './record-layout.ts';
import { spacyCategories } from './spacy.ts';
import { unreadRecords } from './unread-records.ts';

/** The first that fits counts. */
const LAYOUTS: readonly RecordLayout[] = [labelStudio, argilla2, argilla, prodigy, doccano, spacyCategories, intents];

/** Records that are looked at to know a layout and the columns that it has. */
const LOOK = 1000;

/**
 * A table as it is or, where its records are those of a labelling tool, as the plain table that they stand for; or what
 * it says of texts that is not read.
 */
export async function plainTable(table: DataTable): Promise<KnownTable> {
  if (table.format === 'csv' || table.format === 'xlsx') return { table };
  const first = (await firstRecords(table, LOOK)).filter(({ fault }) => fault === undefined);
  const fields = first.map((record) => fieldsOf(table, record));
  for (const layout of LAYOUTS) {
    const view = layout.view(table.columns, fields);
    if (view) return { table: viewed(table, view) };
  }
  const unread = unreadRecords(table.columns, fields);
  return unread ? { unread } : { table };
}

function viewed(table: DataTable, { layout, columns, labels, text, rows }: PlainView): TextTable {
  const { format, unit, encoding } = table;
  async function* records(): AsyncGenerator<TextRecord> {
    for await (const record of table.records()) {
      const { line, fault } = record;
      if (fault !== undefined) {
        yield { line, fault, values: [] };
        continue;
      }
      const found = rows(fieldsOf(table, record));
      for (const [i, { values, leftOut, unlabelled }] of found.entries()) {
        const cells = columns.map((name) => values[name]);
        yield { line, values: cells, leftOut, unlabelled, ...(found.length > 1 && { part: i + 1 }) };
      }
    }
  }
  return { format, unit, encoding, columns, layout, labels, text, records, findings: table.findings };
}

function fieldsOf({ columns }: DataTable, { values }: TableRecord): Fields {
  return Object.fromEntries(columns.map((name, i) => [name, values[i]]));
}
