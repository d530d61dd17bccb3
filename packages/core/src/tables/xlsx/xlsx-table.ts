import { HeadstartError, unknownName } from '@headstart/artifacts/errors';
import { cellTable, type CellRow } from '../cell-table.ts';
import { cellText } from '../cell-text.ts';
import { Computed } from '../computed.ts';
import type { DataTable, TableRecord } from '../data-table.ts';
import { optionError } from '../table-errors.ts';
import { mergedCells } from './merged-cells.ts';
import { hiddenColumns } from './hidden-columns.ts';
import { HiddenParts } from './hidden-parts.ts';
import { sheetRows } from './sheet-rows.ts';
import { readWorkbook, type Sheet, type Workbook } from './workbook.ts';
import type { ZipParts } from './zip-parts.ts';

/**
 * A sheet of an Excel workbook (.xlsx, .xlsm): the one of the option `sheet`, else the only one that has something in it.
 * Cells of formulas hold what was stored when the workbook was saved; where a reader names the columns, they are refused,
 * unless the option `formulas` is `values`. What is hidden is read and warned of, unless the option `hidden` says how it is meant.
 * @throws HeadstartError `target-unreadable`; `invalid-option`, `unknown-name` for the sheet
 */
export async function xlsxTable(
  path: string,
  parts: ZipParts,
  options: Readonly<Record<string, string>>,
  header: boolean | undefined,
): Promise<DataTable> {
  const { formulas, hidden } = options;
  if (formulas !== undefined && formulas !== 'values')
    throw optionError('formulas', formulas, 'values, which takes what was stored for cells that are computed');
  if (hidden !== undefined && hidden !== 'read' && hidden !== 'leave-out')
    throw optionError('hidden', hidden, 'read or leave-out');
  const workbook = await readWorkbook(path, parts);
  const { sheet, others } = await chosenSheet(workbook, options['sheet'], hidden === 'leave-out');
  const merged = await mergedCells(workbook, sheet);
  const unasked = { name: sheet.name, hidden: sheet.hidden && options['sheet'] === undefined };
  const seen = new HiddenParts(path, unasked, await hiddenColumns(workbook, sheet), hidden);
  const rows = (): AsyncGenerator<CellRow> => seen.rows(sheetRows(workbook, sheet, merged));
  const table = await cellTable({ path, format: 'xlsx', unit: 'row', sheet: sheet.name, uneven: true, rows }, header);
  return {
    ...table,
    findings: () => seen.findings(table, others),
    async *records(columns): AsyncGenerator<TableRecord> {
      seen.start(columns, table);
      const refused = formulas === undefined && columns !== undefined;
      for await (const record of table.records(columns)) {
        const formula = refused ? record.values.find((value) => value instanceof Computed) : undefined;
        if (formula) throw hasFormula(path, sheet, formula.cell);
        seen.take(record);
        yield { ...record, values: record.values.map((value) => (value instanceof Computed ? value.value : value)) };
      }
    },
  };
}

interface Chosen {
  readonly sheet: Sheet;
  /** Hidden sheets that have something in them and are not it. */
  readonly others: readonly Sheet[];
}

/** @throws HeadstartError `unknown-name`; `invalid-option` where several sheets have something in them */
async function chosenSheet(workbook: Workbook, asked: string | undefined, shownOnly: boolean): Promise<Chosen> {
  const { sheets, path } = workbook;
  if (asked !== undefined) {
    const named = sheets.find(({ name }) => name === asked) ?? sheets.find(({ name }) => name.trim() === asked.trim());
    const sheet = named ?? (/^\d+$/.test(asked) ? sheets[Number(asked) - 1] : undefined);
    if (sheet) return { sheet, others: [] };
    throw unknownName(
      'sheet',
      asked,
      sheets.map(({ name }) => name),
    );
  }
  const filled: Sheet[] = [];
  for (const sheet of sheets) {
    // What is wrong with a hidden sheet is of interest only where it is read.
    const something = isFilled(workbook, sheet).catch(
      (cause: unknown) => sheet.hidden || Promise.reject(cause as Error),
    );
    if (await something) filled.push(sheet);
  }
  const shown = filled.filter(({ hidden }) => !hidden);
  const choice = shown.length > 0 || shownOnly ? shown : filled;
  if (choice.length > 1) throw severalSheets(path, choice);
  const sheet = choice[0] ?? sheets.find(({ hidden }) => !hidden) ?? (shownOnly ? undefined : sheets[0]);
  if (sheet) return { sheet, others: filled.filter((other) => other !== sheet) };
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is a workbook without sheets of cells${shownOnly ? ' that are shown' : ''}.`,
    hint: 'Give a workbook with a table in a sheet.',
  });
}

async function isFilled(workbook: Workbook, sheet: Sheet): Promise<boolean> {
  for await (const { cells } of sheetRows(workbook, sheet, []))
    if (cells.some((cell) => cellText(cell) !== '')) return true;
  return false;
}

function severalSheets(path: string, sheets: readonly Sheet[]): HeadstartError {
  const names = sheets.map(({ name }) => `"${name}"`).join(', ');
  return new HeadstartError({
    code: 'invalid-option',
    message: `${path} has several sheets with something in them: ${names}.`,
    hint: `Say which one to read with the reader option sheet, such as sheet="${sheets[0]!.name}".`,
  });
}

function hasFormula(path: string, { name }: Sheet, cell: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path}, sheet "${name}", cell ${cell} holds a formula, in a column that is read.`,
    hint: 'To take the values that were stored when the workbook was saved, give the reader option formulas=values; or replace the formulas by their values in the workbook.',
  });
}
