/** An option of every reader of tables. */
export interface TableOption {
  readonly name: string;
  /** The values that it takes. */
  readonly values: string;
  readonly description: string;
}

/** The options that say how a table is taken apart, where what is seen at a look is not what is meant. */
export const TABLE_OPTIONS: readonly TableOption[] = [
  {
    name: 'delimiter',
    values: 'a character, or tab, space, comma, semicolon, bar',
    description: 'what stands between the cells of a text',
  },
  { name: 'header', values: 'yes, no', description: 'whether the first row names the columns' },
  {
    name: 'quote',
    values: 'none, or a character',
    description: 'what stands around cells that contain delimiters; none where quotes are letters like others',
  },
  {
    name: 'encoding',
    values: 'utf-8, utf-16le, windows-1252, …',
    description: 'the encoding of a text, by its name in the Encoding Standard',
  },
];

/** Their names. */
export const TABLE_OPTION_NAMES: readonly string[] = TABLE_OPTIONS.map(({ name }) => name);
