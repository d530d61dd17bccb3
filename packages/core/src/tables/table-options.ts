import type { DataTable } from './data-table.ts';

/** An option of every reader of tables. */
export interface TableOption {
  readonly name: string;
  /** The values that it takes. */
  readonly values: string;
  readonly description: string;
  /** The formats that it means something for. */
  readonly formats: readonly DataTable['format'][];
}

/** The options that say how a table is taken apart, where what is seen at a look is not what is meant. */
export const TABLE_OPTIONS: readonly TableOption[] = [
  {
    name: 'delimiter',
    values: 'a character, or tab, space, comma, semicolon, bar',
    description: 'what stands between the cells of a text',
    formats: ['csv'],
  },
  {
    name: 'header',
    values: 'yes, no',
    description: 'whether the first row names the columns',
    formats: ['csv', 'xlsx', 'json'],
  },
  {
    name: 'quote',
    values: 'none, or a character',
    description: 'what stands around cells that contain delimiters; none where quotes are letters like others',
    formats: ['csv'],
  },
  {
    name: 'encoding',
    values: 'utf-8, utf-16le, windows-1252, …',
    description: 'the encoding of a text, by its name in the Encoding Standard',
    formats: ['csv', 'jsonl', 'json'],
  },
  {
    name: 'sheet',
    values: 'a name, or a number from 1',
    description: 'the sheet of a workbook, where several have something in them',
    formats: ['xlsx'],
  },
  {
    name: 'formulas',
    values: 'values',
    description: 'takes what was stored for cells that formulas compute, which are refused otherwise',
    formats: ['xlsx'],
  },
  {
    name: 'hidden',
    values: 'read, leave-out',
    description:
      'whether hidden rows, columns and sheets of a workbook are read; where they are and nothing is said, a warning tells',
    formats: ['xlsx'],
  },
];

/** Their names. */
export const TABLE_OPTION_NAMES: readonly string[] = TABLE_OPTIONS.map(({ name }) => name);
