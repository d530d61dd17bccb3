import { HeadstartError, type SplitName } from '@headstart/core';
import {
  firstRecords,
  groupInCell,
  lookAtTable,
  type DataTable,
  type TableRecord,
  tableNotes,
} from '@headstart/core/readers';
import type { Box } from '../boxes/box.ts';
import type { BoxForm } from '../readers/box-form.ts';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { annotationReader } from './annotation-reader.ts';
import { boxColumns, type BoxColumns } from './box-columns.ts';
import { sizeIn } from './json-fields.ts';
import { cellList, cellNumber, cellText, isEmptyCell } from './table-cells.ts';
import { UNREAD_TABLES } from './unread-layouts.ts';

/**
 * A table with a box in each row, in any format that `openTable` reads: the CSV of TensorFlow's and Roboflow's exports, VoTT, Open Images,
 * keras-retinanet, make-sense, or columns of other names that are known (`x, y, w, h`) or given. A row whose cells for the
 * box are empty lists a picture in which nothing is; pictures that no row lists are not part of the set.
 */
export const boxTable = annotationReader({
  id: 'box-table',
  description: 'A table (CSV, TSV, JSON lines, …) with a box in each row, and its pictures',
  what: 'tables of boxes',
  endings: ['.csv', '.tsv', '.jsonl', '.ndjson', '.parquet', '.xlsx', '.gz'],
  isOne: (path) =>
    lookAtTable(path).then(
      ({ about }) => about === 'boxes',
      () => false,
    ),
  sure: 0.9,
  near: UNREAD_TABLES,
  noun: 'line',
  readFile: readBoxTable,
});

/** Rows that tell whether numbers are pixels or fractions. */
const LOOK = 1000;

async function readBoxTable(
  { path, split }: AnnotationFile,
  set: AnnotatedSet,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  const look = await lookAtTable(path, options);
  const { table } = look;
  const first = await firstRecords(table, LOOK);
  const rows = first.map(({ values }) => values);
  const columns = boxColumns(path, look, rows, options);
  set.stateForm({ layout: columns.layout, unit: unitOf(rows, columns) }, path);
  set.warnings.push(...columns.warnings);
  set.table ??= tableNotes(table, rolesOf(columns));
  const reading = new RowReader(path, table, columns, set, { split, className: options['class'] });
  for await (const record of table.records(columnsRead(columns))) reading.add(record);
  if (reading.rows === 0)
    throw annotationError(path, 'it has no rows', 'Give a row for each box.', 'target-unreadable');
}

/** Boxes within 0 and 1 are fractions of their pictures: as pixels they would all lie in the first. */
function unitOf(rows: readonly (readonly unknown[])[], columns: BoxColumns): BoxForm['unit'] {
  const numbers = rows.flatMap((values) => [...boxIn(values, columns)]).filter((number) => Number.isFinite(number));
  return numbers.length > 0 && numbers.every((number) => number >= -0.1 && number <= 1.1) ? 'fractions' : 'pixels';
}

function boxIn(values: readonly unknown[], { box }: BoxColumns): Box {
  const cells = typeof box === 'number' ? (cellList(values[box]) ?? []) : box.map((column) => values[column]);
  const [a = NaN, b = NaN, c = NaN, d = NaN, ...more] = cells.map(cellNumber);
  return more.length > 0 ? [NaN, NaN, NaN, NaN] : [a, b, c, d];
}

function hasNoBox(values: readonly unknown[], { box }: BoxColumns): boolean {
  return (typeof box === 'number' ? [box] : box).every((column) => isEmptyCell(values[column]));
}

function columnsRead({ picture, label, box, size, split, crowd, group }: BoxColumns): number[] {
  return [picture, label, box, size, split?.indices, crowd, group].flat().filter((column) => column !== undefined);
}

function rolesOf({ picture, label, box, layout, size, split, crowd, group }: BoxColumns): Map<number, string> {
  const sides = {
    sizes: ['x', 'y', 'width', 'height'],
    corners: ['left', 'top', 'right', 'bottom'],
    centres: ['centre x', 'centre y', 'width', 'height'],
  }[layout];
  return new Map<number, string>([
    ...(split?.indices ?? []).map((column) => [column, 'split'] as const),
    ...(size
      ? ([
          [size[0], "picture's width"],
          [size[1], "picture's height"],
        ] as const)
      : []),
    ...(typeof box === 'number' ? ([[box, 'box']] as const) : box.map((column, i) => [column, sides[i]!] as const)),
    ...(crowd === undefined ? [] : ([[crowd, 'box around a group']] as const)),
    ...(group === undefined ? [] : ([[group, 'group']] as const)),
    ...(label === undefined ? [] : ([[label, 'label']] as const)),
    [picture, 'picture'],
  ]);
}

/** Adds rows to a set: rows of one picture's name are one picture's. */
class RowReader {
  readonly #pictures = new Map<string, { index: number; split: SplitName | undefined; group: string | undefined }>();
  rows = 0;

  constructor(
    private readonly path: string,
    private readonly table: DataTable,
    private readonly columns: BoxColumns,
    private readonly set: AnnotatedSet,
    private readonly given: { readonly split?: SplitName; readonly className?: string },
  ) {}

  add({ line, values, fault }: TableRecord): void {
    this.rows++;
    const { columns, set, given } = this;
    if (fault !== undefined) throw this.#wrong(line, fault, 'Repair or remove the row.');
    const picture = this.#picture(line, values);
    if (hasNoBox(values, columns)) return;
    set.addObject(picture, {
      label: columns.label === undefined ? given.className : cellText(values[columns.label]),
      box: boxIn(values, columns),
      number: line,
      crowd:
        columns.crowd !== undefined && ['1', 'true'].includes(cellText(values[columns.crowd])?.toLowerCase() ?? ''),
    });
  }

  #picture(line: number, values: readonly unknown[]): number {
    const { columns, path, table } = this;
    const file = cellText(values[columns.picture])?.replace(/^(\.\/)+/, '');
    if (file === undefined) throw this.#wrong(line, 'it names no picture', 'Name the picture, or remove the row.');
    const { split = this.given.split, fault } = columns.split?.splitOf(values) ?? {};
    if (fault !== undefined)
      throw this.#wrong(line, fault, 'Correct the cell, or give the reader option split-column=none.');
    const known = this.#pictures.get(file);
    if (known && known.split !== split)
      throw this.#wrong(
        line,
        `${shown(file)} is in another split than in a row before`,
        'Put a picture into one split.',
      );
    const group = columns.group === undefined ? undefined : groupInCell(values[columns.group]);
    if (known && known.group !== group)
      throw this.#wrong(
        line,
        `${shown(file)} is in another group than in a row before`,
        'Give all rows of a picture one group, or name another column with --group-column.',
      );
    if (known) return known.index;
    const size =
      columns.size && sizeIn(...(columns.size.map((column) => cellNumber(values[column])) as [number, number]));
    const index = this.set.addPicture({ source: path, file, split, group, noun: table.unit, ...(size && { size }) });
    this.#pictures.set(file, { index, split, group });
    return index;
  }

  #wrong(line: number, what: string, hint: string): HeadstartError {
    return annotationError(`${this.path}, ${this.table.unit} ${line}`, what, hint);
  }
}
