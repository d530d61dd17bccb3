import type { DataWarning } from '../domains/reading-notes.ts';
import { cellText } from './cell-text.ts';
import { chosen, listedItems } from './listed-labels.ts';

/** What a row says of its labels: one name, several or none in a list, or nothing (`missing` says how that shows). */
export type FoundLabels =
  | { readonly one: string }
  | { readonly several: readonly string[] }
  | { readonly missing: string }
  | { readonly fault: string };

/** Where the labels of a row stand: in a cell, or in several columns of ones and zeros. */
export interface LabelColumn {
  readonly indices: readonly number[];
  /** The labels that columns are named after, where it is several columns. */
  readonly names?: readonly string[];
  /** What its columns are taken for, as notes say it. */
  readonly role: string;
  labelsOf(values: readonly unknown[]): FoundLabels;
}

/** How a cell's labels are written. */
export interface LabelCellOptions {
  /** What stands between several labels in a cell. */
  readonly separator?: string;
  /** The names that whole numbers stand for. */
  readonly classNames?: readonly string[];
}

/** A column with the label in each cell, or several as a list. */
export function labelCells(index: number, options: LabelCellOptions): LabelColumn {
  return { indices: [index], role: 'label', labelsOf: (values) => cellLabels(values[index], options) };
}

/** Columns of ones and zeros, each for the label that it is named after. */
export function indicatorColumns(indices: readonly number[], header: readonly string[]): LabelColumn {
  return {
    indices,
    names: indices.map((index) => header[index]!),
    role: 'label (1: has it, 0: has it not)',
    labelsOf(values) {
      const set: string[] = [];
      for (const index of indices) {
        const flag = flagOf(values[index]);
        if (flag === 'unknown') return { missing: `the label "${header[index]}" is empty or -1` };
        if (flag === undefined)
          return {
            fault: `"${header[index]}" is ${JSON.stringify(cellText(values[index]))} where other rows have 0 or 1`,
          };
        if (flag) set.push(header[index]!);
      }
      return { several: set };
    },
  };
}

const FLAGS: Readonly<Record<string, boolean | 'unknown'>> = {
  '1': true,
  '1.0': true,
  '0': false,
  '0.0': false,
  '': 'unknown',
  '-1': 'unknown',
  nan: 'unknown',
};

/** Whether a cell of ones and zeros is set; `unknown` where it is empty or -1, undefined where it holds something else. */
function flagOf(value: unknown): boolean | 'unknown' | undefined {
  return FLAGS[cellText(value).toLowerCase()];
}

function cellLabels(value: unknown, { separator, classNames }: LabelCellOptions): FoundLabels {
  const items = Array.isArray(value) ? (value as unknown[]) : chosen(value);
  if (items) return listOf(items, classNames);
  if (typeof value === 'object' && value !== null) return { fault: 'the label is of type object' };
  const text = cellText(value);
  if (separator !== undefined) {
    const names = text.split(separator).map((name) => name.trim());
    return { several: distinct(names.filter((name) => name !== '')) };
  }
  if (text === '' || (typeof value === 'number' && Number.isNaN(value))) return { missing: 'the label is empty' };
  const listed = typeof value === 'string' ? listedItems(text) : undefined;
  return listed ? listOf(listed, classNames) : nameOf(text, value, classNames);
}

function listOf(items: readonly unknown[], classNames: readonly string[] | undefined): FoundLabels {
  const names: string[] = [];
  for (const item of items) {
    if (typeof item === 'object' && item !== null)
      return { fault: `the label is a list of ${Array.isArray(item) ? 'lists' : 'objects'}` };
    const text = cellText(item);
    if (text === '') return { fault: 'a label in the list is empty' };
    const name = nameOf(text, item, classNames);
    if (!('one' in name)) return name;
    names.push(name.one);
  }
  return { several: distinct(names) };
}

/** A label's name; whole numbers stand for the class of that number, -1 for none (Hugging Face). */
function nameOf(text: string, value: unknown, classNames: readonly string[] | undefined): FoundLabels {
  if (!classNames || (typeof value !== 'number' && typeof value !== 'bigint')) return { one: text };
  if (Number(value) === -1) return { missing: 'the label is -1' };
  const name = classNames[Number(value)];
  if (name !== undefined) return { one: name };
  return { fault: `the label ${text} has no name: the table names ${classNames.length} classes, from 0` };
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** Those of some columns that hold nothing but ones and zeros; none where all they hold is the same. */
export function onesAndZeros(columns: readonly number[], rows: readonly (readonly unknown[])[]): number[] {
  const found = columns.filter((column) => {
    const flags = rows.map((row) => flagOf(row[column]));
    return flags.some((flag) => typeof flag === 'boolean') && flags.every((flag) => flag !== undefined);
  });
  const is = (wanted: boolean) => found.some((column) => rows.some((row) => flagOf(row[column]) === wanted));
  return is(true) && is(false) ? found : [];
}

/**
 * The warning for columns of ones and zeros that have no one: they are no labels, as there is nothing to learn.
 * @param labels those that samples have
 */
export function labelsNeverSet(column: LabelColumn | undefined, labels: readonly string[]): DataWarning[] {
  const names = column?.names ?? [];
  const unused = names.filter((name) => !labels.includes(name));
  if (unused.length === 0) return [];
  return [
    {
      code: 'labels-never-set',
      message: `No row has a 1 in ${unused.map((name) => `"${name}"`).join(', ')}: ${unused.length === 1 ? 'it is no label' : 'they are no labels'}.`,
      hint: `Name the columns that are labels: --reader-option label-column=${names.filter((name) => labels.includes(name)).join(',')}.`,
      samples: [],
    },
  ];
}
