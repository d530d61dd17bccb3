import { columnError, namedColumn, namesPicture, type DataTable } from '@headstart/core/readers';
import { HeadstartError } from '@headstart/core';

const CHOOSE = 'path-column, label-column and split-column';
const PATH_NAMES = [
  'path',
  'file',
  'filename',
  'file_name',
  'filepath',
  'file_path',
  'image',
  'image_path',
  'img',
  'img_path',
];
const LABEL_NAMES = ['label', 'class', 'category', 'target', 'class_name', 'label_name'];

/** Which column holds what, by index. */
export interface ImageColumns {
  readonly path: number;
  readonly label: number;
  readonly split?: number;
}

/**
 * Finds the columns: by option, else by name, else (without a header) the first cell that names a
 * picture and the one cell beside it.
 * @param first the cells of the first row of data
 * @throws HeadstartError `invalid-option` where that is not clear
 */
export function imageColumns(
  table: DataTable,
  first: readonly string[],
  file: string,
  options: Readonly<Record<string, string>>,
): ImageColumns {
  if (table.header === false) return unnamedColumns(first, file, options);
  const find = (option: string, names: readonly string[]) =>
    namedColumn({ table, file, option, options, names, choose: CHOOSE });
  const path = find('path-column', PATH_NAMES);
  const label = find('label-column', LABEL_NAMES);
  const split = find('split-column', ['split', 'subset']);
  if (path === undefined) throw columnError(`${file} has no column of paths`, table, CHOOSE);
  if (label === undefined) throw columnError(`${file} has no column of labels`, table, CHOOSE);
  return { path, label, split };
}

function unnamedColumns(
  cells: readonly string[],
  file: string,
  options: Readonly<Record<string, string>>,
): ImageColumns {
  const asked = ['path-column', 'label-column', 'split-column'].find((name) => options[name] !== undefined);
  const path = cells.findIndex(namesPicture);
  if (asked || cells.length !== 2) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: asked
        ? `${file} has no header line, so ${asked} names nothing.`
        : `${file} has no header line and ${cells.length} columns.`,
      hint: 'Add a first line that names the columns, such as path,label,split, or give header=yes where the first line does.',
    });
  }
  return { path, label: 1 - path };
}
