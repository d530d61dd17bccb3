import { openTable, type DataTable, tableNotes } from '@headstart/core/readers';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { isFields } from './json-fields.ts';
import { cellJson, cellText, isEmptyCell } from './table-cells.ts';
import { addRegion, classAttribute, countAttributes, type ViaRegion } from './via-region.ts';

/** A row of VIA's CSV: a region, or a picture without any. */
interface ViaRow {
  readonly line: number;
  readonly file: string;
  readonly region?: ViaRegion;
}

const CELLS = ['region_shape_attributes', 'region_attributes'] as const;

/** Reads the annotations of VIA 1 or 2 as CSV. @throws HeadstartError `target-unreadable`, `invalid-option` */
export async function readViaCsv(
  { path, split }: AnnotationFile,
  set: AnnotatedSet,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  const table = await openTable(path, options);
  const at = ['filename', ...CELLS].map((name) =>
    table.columns.findIndex((column) => column.replace(/^#/, '') === name),
  );
  const missing = at.findIndex((column) => column < 0);
  if (missing >= 0) {
    throw annotationError(
      path,
      `it has no column ${['filename', ...CELLS][missing]}`,
      'Export the annotations again, as CSV.',
    );
  }
  set.table ??= tableNotes(table, new Map(at.map((column, i) => [column, ['picture', 'shape', 'attributes'][i]!])));
  const counted = new Map<string, number>();
  for await (const { region } of viaRows(path, table, at)) if (region) countAttributes(region, counted);
  const attribute = classAttribute(path, counted, options['attribute']);
  const pictures = new Map<string, number>();
  for await (const { line, file, region } of viaRows(path, table, at)) {
    const picture = pictures.get(file) ?? set.addPicture({ source: path, file, split, noun: table.unit });
    pictures.set(file, picture);
    if (region) addRegion(set, picture, region, line, attribute);
  }
  if (pictures.size === 0) throw annotationError(path, 'it lists no pictures', 'Export the annotations again, as CSV.');
}

async function* viaRows(path: string, table: DataTable, at: readonly number[]): AsyncGenerator<ViaRow> {
  for await (const { line, values, fault } of table.records(at)) {
    const place = `${path}, ${table.unit} ${line}`;
    if (fault !== undefined) throw annotationError(place, fault, 'Export the annotations again, as CSV.');
    const [name, shape, attributes] = at.map((column) => values[column]);
    const file = cellText(name);
    if (file === undefined) throw annotationError(place, 'it names no picture', 'Name the picture, or remove the row.');
    const region = { shape: objectIn(shape, place), attributes: objectIn(attributes, place) };
    yield { line, file, ...(Object.keys(region.shape).length > 0 && { region }) };
  }
}

function objectIn(cell: unknown, place: string): object {
  const value = isEmptyCell(cell) ? {} : cellJson(cell);
  if (isFields(value)) return value;
  throw annotationError(place, `${shown(cell)} is not an object in JSON`, 'Export the annotations again, as CSV.');
}
