import { HeadstartError, unknownName } from '@headstart/artifacts/errors';
import { cellTable, type CellRow } from '../cell-table.ts';
import { cellText } from '../cell-text.ts';
import { Computed } from '../computed.ts';
import type { DataTable, TableRecord } from '../data-table.ts';
import { optionError } from '../table-errors.ts';
import { mergedCells } from './merged-cells.ts';
import { sheetRows } from './sheet-rows.ts';
import { readWorkbook, type Sheet, type Workbook } from './workbook.ts';
import type { ZipParts } from './zip-parts.ts';

/**
 * A sheet of an Excel workbook (.xlsx, .xlsm): the one of the option `sheet`, else the only one that has something in it.
 * Cells of formulas hold what was stored when the workbook was saved; where a reader names the columns, they are refused,
 * unless the option `formulas` is `values`.
 * @throws HeadstartError `target-unreadable`; `invalid-option`, `unknown-name` for the sheet
 */
export async function xlsxTable(
  path: string,
  parts: ZipParts,
  options: Readonly<Record<string, string>>,
  header: boolean | undefined,
): Promise<DataTable> {
  const formulas = options['formulas'];
  if (formulas !== undefined && formulas !== 'values')
    throw optionError('formulas', formulas, 'values, which takes what was stored for cells that are computed');
  const workbook = await readWorkbook(path, parts);
  const sheet = await chosenSheet(workbook, options['sheet']);
  const merged = await mergedCells(workbook, sheet);
  const rows = (): AsyncGenerator<CellRow> => sheetRows(workbook, sheet, merged);
  const table = await cellTable({ path, format: 'xlsx', unit: 'row', sheet: sheet.name, uneven: true, rows }, header);
  return {
    ...table,
    async *records(columns): AsyncGenerator<TableRecord> {
      const refused = formulas === undefined && columns !== undefined;
      for await (const record of table.records(columns)) {
        const formula = refused ? record.values.find((value) => value instanceof Computed) : undefined;
        if (formula) throw hasFormula(path, sheet, formula.cell);
        yield { ...record, values: record.values.map((value) => (value instanceof Computed ? value.value : value)) };
      }
    },
  };
}

/** @throws HeadstartError `unknown-name`; `invalid-option` where several sheets have something in them */
async function chosenSheet(workbook: Workbook, asked: string | undefined): Promise<Sheet> {
  const { sheets, path } = workbook;
  if (asked !== undefined) {
    const named = sheets.find(({ name }) => name === asked) ?? sheets.find(({ name }) => name.trim() === asked.trim());
    const sheet = named ?? (/^\d+$/.test(asked) ? sheets[Number(asked) - 1] : undefined);
    if (sheet) return sheet;
    throw unknownName(
      'sheet',
      asked,
      sheets.map(({ name }) => name),
    );
  }
  const filled: Sheet[] = [];
  for (const hidden of [false, true]) {
    for (const sheet of sheets) if (sheet.hidden === hidden && (await isFilled(workbook, sheet))) filled.push(sheet);
    if (filled.length === 1) return filled[0]!;
    if (filled.length > 1) throw severalSheets(path, filled);
  }
  if (sheets[0]) return sheets[0];
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is a workbook without sheets of cells.`,
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
