import { openTable, tableNotes } from '@headstart/core/readers';
import type { Box } from '../boxes/box.ts';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { annotationReader, headIs } from './annotation-reader.ts';
import { isFields, member, sizeIn } from './json-fields.ts';
import { cellJson, cellNumber, cellText, isEmptyCell } from './table-cells.ts';

/**
 * Hugging Face's folders of pictures with objects (https://huggingface.co/docs/datasets/image_dataset#object-detection):
 * a table `metadata.jsonl` (or .csv) beside the pictures, one row for each, with `file_name` and `objects`: lists of
 * boxes and of their categories, or a list of objects with one of each. Boxes are `x, y, width, height` in pixels; the
 * reader option `boxes` says otherwise.
 */
export const metadataBoxes = annotationReader({
  id: 'image-metadata-boxes',
  description: "Hugging Face's metadata.jsonl with objects in pictures, and the pictures",
  what: 'metadata with objects',
  endings: ['.jsonl', '.ndjson', '.csv'],
  isOne: headIs(
    (head) => /\bobjects\b/.test(head) && /"bbox(es)?"+\s*:/.test(head) && FILE.some((name) => head.includes(name)),
  ),
  noun: 'object',
  readFile: readMetadata,
});

const FILE = ['file_name', 'image', 'file', 'filename', 'path'];
const BOXES = ['bbox', 'bboxes', 'boxes', 'box'];
const CLASSES = [
  'categories',
  'category',
  'labels',
  'label',
  'classes',
  'class',
  'category_id',
  'class_id',
  'name',
  'names',
];

async function readMetadata(
  { path, split }: AnnotationFile,
  set: AnnotatedSet,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  const table = await openTable(path, options);
  const column = (names: readonly string[]) => {
    const found = names.map((name) => table.columns.indexOf(name)).find((index) => index >= 0);
    if (found === undefined)
      throw annotationError(
        path,
        `it has no ${names[0]}`,
        'Give a row for each picture, with "file_name" and "objects".',
      );
    return found;
  };
  const [file, objects] = [column(FILE), column(['objects'])];
  const [width, height] = [table.columns.indexOf('width'), table.columns.indexOf('height')];
  set.table ??= tableNotes(
    table,
    new Map([
      [file, 'picture'],
      [objects, 'objects'],
    ]),
  );
  for await (const { line, values, fault } of table.records()) {
    const place = `${table.unit} ${line}`;
    const wrong = (what: string) => annotationError(path, `${place}: ${what}`, 'Repair or remove the row.');
    if (fault !== undefined) throw wrong(fault);
    const name = cellText(values[file]);
    if (name === undefined) throw wrong('it names no picture');
    const size = sizeIn(cellNumber(values[width]), cellNumber(values[height]));
    const picture = set.addPicture({ source: path, file: name, place, split, ...(size && { size }) });
    for (const [i, { box, label }] of objectsIn(values[objects], wrong).entries())
      set.addObject(picture, { label: cellText(label), box: boxIn(box), number: i + 1 });
  }
  if (set.pictures.length === 0) throw annotationError(path, 'it lists no pictures', 'Give a row for each picture.');
}

interface WrittenPair {
  readonly box: unknown;
  readonly label: unknown;
}

/** Lists of boxes and of labels side by side, or a list of objects that have one of each. */
function objectsIn(cell: unknown, wrong: (what: string) => Error): WrittenPair[] {
  if (isEmptyCell(cell)) return [];
  const value = cellJson(cell);
  const first = (of: unknown, names: readonly string[]) =>
    names.map((name) => member(of, name)).find((found) => found !== undefined);
  if (Array.isArray(value))
    return value.map((object: unknown) => ({ box: first(object, BOXES), label: first(object, CLASSES) }));
  if (!isFields(value)) throw wrong(`its objects are ${shown(cell)}`);
  const [boxes, labels] = [first(value, BOXES), first(value, CLASSES) ?? []];
  if (!Array.isArray(boxes) || !Array.isArray(labels))
    throw wrong(`its objects have ${shown(boxes)} for "bbox" and ${shown(labels)} for "categories"`);
  if (labels.length > 0 && labels.length !== boxes.length)
    throw wrong(`its objects have ${boxes.length} boxes and ${labels.length} categories`);
  return boxes.map((box: unknown, i) => ({ box, label: labels[i] as unknown }));
}

function boxIn(value: unknown): Box {
  const numbers = Array.isArray(value) && value.length === 4 ? value.map(cellNumber) : [];
  const [a = NaN, b = NaN, c = NaN, d = NaN] = numbers;
  return [a, b, c, d];
}
