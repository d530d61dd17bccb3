import { HeadstartError } from '@headstart/artifacts/errors';
import type { DataTable } from './data-table.ts';
import { plainName } from './usual-names.ts';

/** What messages about columns need of a table. */
export type TableHead = Pick<DataTable, 'columns' | 'header' | 'headerSeen'> & Partial<Pick<DataTable, 'format'>>;

/** A column that is looked for, by an option or by the names that such columns commonly have. */
export interface NamedColumn {
  readonly table: TableHead;
  readonly file: string;
  /** The reader option that names the column, such as `label-column`. */
  readonly option: string;
  readonly options: Readonly<Record<string, string>>;
  /** Names that such a column commonly has, in lower case. */
  readonly names: readonly string[];
  /** Further names, as `plainName` writes them: looked for where no column has one of `names`. */
  readonly otherNames?: readonly string[];
  /** The options that choose columns, as the hint lists them. */
  readonly choose: string;
}

/**
 * The index of a column: the one that the option names, else the one that bears a common name;
 * undefined where none does.
 * @throws HeadstartError `invalid-option` where the option's column is missing or several bear common names
 */
export function namedColumn(request: NamedColumn): number | undefined {
  const { table, file, option, options, names, otherNames = [], choose } = request;
  const header = table.columns;
  const asked = options[option];
  if (asked !== undefined) {
    const index = header.indexOf(asked);
    if (index < 0) throw columnError(`${file} has no column "${asked}"`, table, choose);
    if (header.includes(asked, index + 1))
      throw columnError(`${file} has several columns called "${asked}"`, table, choose);
    return index;
  }
  const usual = indicesOf(header, (name) => names.includes(name.toLowerCase()));
  const matches = usual.length > 0 ? usual : indicesOf(header, (name) => otherNames.includes(plainName(name)));
  if (matches.length > 1) {
    const called = [...new Set(matches.map((index) => header[index]!))];
    const several =
      called.length > 1 ? `that may hold the ${option.split('-')[0]}: ${called.join(', ')}` : `called "${called[0]}"`;
    throw columnError(`${file} has several columns ${several}`, table, choose);
  }
  return matches[0];
}

function indicesOf(header: readonly string[], wanted: (name: string) => boolean): number[] {
  return header.flatMap((name, index) => (wanted(name) ? [index] : []));
}

/** Names that are listed in a message. */
const LISTED = 40;

/** The error for columns that are not clear, with the columns that there are, and how to say whether the first row names them. */
export function columnError(what: string, table: TableHead, choose: string): HeadstartError {
  const { columns, header, headerSeen, format } = table;
  const listed = columns.length > LISTED ? `${columns.slice(0, LISTED).join(', ')}, …` : columns.join(', ');
  const seen = !headerSeen
    ? ''
    : header
      ? ' The first row was taken for the names of the columns; header=no says that it is data.'
      : ' The first row was taken for data; header=yes says that it names the columns.';
  const there =
    columns.length === 1 && format === 'csv'
      ? `It has one column only, ${listed}: give a table with further columns, or say what separates its cells with the reader option delimiter.`
      : `Its columns are ${listed}; choose with the reader options ${choose}.`;
  return new HeadstartError({ code: 'invalid-option', message: `${what}.`, hint: `${there}${seen}` });
}
