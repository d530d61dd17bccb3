import { basename } from 'node:path';
import type { PassedOver } from '../../domains/reading-notes.ts';
import type { CellRow, CellTable } from '../cell-table.ts';
import type { TableFindings, TableRecord } from '../data-table.ts';
import { cellText } from '../cell-text.ts';
import { RowsAside } from '../rows-aside.ts';
import type { SheetRow } from './sheet-rows.ts';
import type { Sheet } from './workbook.ts';

const SHOWN = 10;

/** What of a sheet is hidden: left out, or read and counted. */
export class HiddenParts {
  /** The numbers of hidden rows, once they were met. */
  readonly #rows = new Set<number>();
  #read: string[] = [];
  #readCount = 0;
  #columns: readonly string[] = [];

  /**
   * @param columns the hidden ones, from 0
   * @param asked what the option `hidden` says
   */
  constructor(
    private readonly path: string,
    private readonly sheet: Pick<Sheet, 'name' | 'hidden'>,
    private readonly columns: ReadonlySet<number>,
    private readonly asked: 'read' | 'leave-out' | undefined,
  ) {}

  /** The rows of the sheet, without what is hidden where it is to be left out. */
  async *rows(rows: AsyncIterable<SheetRow>): AsyncGenerator<CellRow> {
    for await (const { line, cells, hidden } of rows) {
      if (hidden && cells.some((cell) => cellText(cell) !== '')) this.#rows.add(line);
      if (this.asked !== 'leave-out') yield { line, cells };
      else if (!hidden) yield { line, cells: Array.from(cells).filter((_, column) => !this.columns.has(column)) };
    }
  }

  /** A reading of rows begins, of all columns or those that are given. */
  start(wanted: readonly number[] | undefined, { columns, places }: Pick<CellTable, 'columns' | 'places'>): void {
    const read = this.asked === 'leave-out' ? [] : (wanted ?? [...columns.keys()]);
    this.#columns = read.filter((column) => this.columns.has(places[column]!)).map((column) => columns[column]!);
    this.#read = [];
    this.#readCount = 0;
  }

  /** A row is read. */
  take({ line }: TableRecord): void {
    if (!this.#rows.has(line) || this.#readCount++ >= SHOWN) return;
    this.#read.push(`${basename(this.path)}:${line}`);
  }

  /** @param sheets hidden ones that are not read */
  findings(table: CellTable, sheets: readonly Sheet[]): TableFindings {
    const { passedOver } = table.findings();
    const aside = new RowsAside(this.path);
    if (this.asked === 'leave-out') for (const line of this.#rows) aside.add('hidden rows', line);
    const others: PassedOver = {
      what: 'hidden sheets',
      count: sheets.length,
      examples: sheets.slice(0, 5).map(({ name }) => name),
    };
    return {
      passedOver: [...passedOver, ...aside.passedOver, ...(sheets.length > 0 ? [others] : [])],
      warnings: this.asked === undefined ? this.#warnings() : [],
    };
  }

  #warnings(): TableFindings['warnings'] {
    const hidden = [
      ...(this.sheet.hidden ? [`the sheet "${this.sheet.name}"`] : []),
      ...(this.#readCount > 0 ? [`${this.#readCount} ${this.#readCount === 1 ? 'row' : 'rows'}`] : []),
      ...this.#columns.map((name) => `the column "${name}"`),
    ];
    if (hidden.length === 0) return [];
    return [
      {
        code: 'hidden-rows',
        message: `Hidden in ${basename(this.path)}, and read: ${hidden.join(', ')}.`,
        hint: 'Leave what is hidden out with --reader-option hidden=leave-out, or say that it is meant with hidden=read.',
        samples: this.#read,
      },
    ];
  }
}
