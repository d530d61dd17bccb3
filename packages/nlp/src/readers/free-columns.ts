import { columnError } from '@headstart/core/readers';
import type { HeadstartError } from '@headstart/core';
import { columnsNamed } from './column-names.ts';
import type { TextTable } from './text-record.ts';

/** The options that choose columns, as hints list them. */
export const CHOOSE =
  'text-column, label-column, pair-column, score-column, weight-column, group-column and split-column';

/** What the columns of objects are. */
const KEYS = ' (columns are the keys that one of the first 1,000 lines or objects has)';

/** The columns of a table that are not taken for something yet: none can be taken twice. */
export class FreeColumns {
  readonly #taken: Set<number>;

  constructor(
    readonly table: TextTable,
    private readonly file: string,
    /** The first rows. */
    readonly rows: readonly (readonly unknown[])[],
    /** Whether the table has more of them. */
    readonly partial: boolean,
    taken: Iterable<number>,
  ) {
    this.#taken = new Set(taken);
  }

  get all(): number[] {
    return [...this.table.columns.keys()].filter((index) => !this.#taken.has(index));
  }

  /** Those that bear a role's common names. */
  named(role: Parameters<typeof columnsNamed>[1]): number[] {
    return columnsNamed(this.table.columns, role).filter((index) => !this.#taken.has(index));
  }

  take(...indices: number[]): void {
    for (const index of indices) this.#taken.add(index);
  }

  /**
   * Takes the only one of some columns; undefined where there is none.
   * @throws HeadstartError `invalid-option` where there are several
   */
  takeOnly(what: string, found: readonly number[]): number | undefined {
    const called = new Set(found.map((index) => this.table.columns[index]));
    if (found.length > 1 && called.size === 1) throw this.error(`has several columns called "${[...called][0]}"`);
    if (found.length > 1) throw this.error(`has several columns that may hold the ${what}: ${this.names(found)}`);
    this.take(...found);
    return found[0];
  }

  /** Those of some names. */
  called(names: readonly string[]): number[] {
    return this.all.filter((index) => names.includes(this.table.columns[index]!));
  }

  names(indices: readonly number[]): string {
    return indices.map((index) => this.table.columns[index]).join(', ');
  }

  /** The error for columns that are not clear. */
  error(what: string, more = ''): HeadstartError {
    const keys = this.table.format === 'csv' || this.table.format === 'parquet' ? '' : KEYS;
    return columnError(`${this.file} ${what}`, this.table, `${CHOOSE}${more}${keys}`);
  }
}
