import { HeadstartError } from '@headstart/artifacts/errors';

export interface NamedColumn {
  readonly header: readonly string[];
  readonly file: string;
  /** The reader option that names the column, such as `label-column`. */
  readonly option: string;
  readonly options: Readonly<Record<string, string>>;
  /** Names that such a column commonly has, in lower case. */
  readonly names: readonly string[];
  /** The options that choose columns, as the hint lists them. */
  readonly choose: string;
}

/**
 * The index of a column: the one that the option names, else the one that bears a common name;
 * undefined where none does.
 * @throws HeadstartError `invalid-option` where the option's column is missing or several bear common names
 */
export function namedColumn({ header, file, option, options, names, choose }: NamedColumn): number | undefined {
  const asked = options[option];
  if (asked !== undefined) {
    const index = header.indexOf(asked);
    if (index < 0) throw columnError(`${file} has no column "${asked}"`, header, choose);
    return index;
  }
  const matches = header.flatMap((name, index) => (names.includes(name.toLowerCase()) ? [index] : []));
  if (matches.length > 1) {
    throw columnError(
      `${file} has several columns that may hold the ${option.split('-')[0]}: ${matches.map((i) => header[i]).join(', ')}`,
      header,
      choose,
    );
  }
  return matches[0];
}

/** The error for columns that are not clear, with the columns that there are. */
export function columnError(what: string, header: readonly string[], choose: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `${what}.`,
    hint: `Its columns are ${header.join(', ')}; choose with the reader options ${choose}.`,
  });
}
