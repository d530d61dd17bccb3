import {
  boxPart,
  columnError,
  findSplitColumn,
  GROUP_COLUMN,
  type BoxPart,
  type ColumnLook,
  type DataWarning,
  type SplitColumn,
  type TableLook,
} from '@headstart/core/readers';
import type { BoxForm } from '../readers/box-form.ts';

/** Which columns of a table say what, by their indices. */
export interface BoxColumns {
  readonly picture: number;
  /** Absent where the reader option `class` names the class of all. */
  readonly label?: number;
  /** The four numbers in columns of their own, or in one. */
  readonly box: readonly [number, number, number, number] | number;
  readonly layout: BoxForm['layout'];
  /** The picture's width and height. */
  readonly size?: readonly [number, number];
  readonly split?: SplitColumn;
  /** Whether a box is around a group (Open Images). */
  readonly crowd?: number;
  /** What pictures are parts of: by option only. */
  readonly group?: number;
  readonly warnings: readonly DataWarning[];
}

type Options = Readonly<Record<string, string>>;

const CHOOSE =
  'path-column, label-column (or class=<name> for all), box-columns (four, with commas), group-column and split-column';

/**
 * The columns of a table of boxes: by their names, by the reader options, or, where no column has a name, by what they
 * hold: `picture, x1, y1, x2, y2, class` (keras-retinanet) and `class, x, y, width, height, picture, picture's width,
 * picture's height` (make-sense).
 * @throws HeadstartError `invalid-option` for columns that are not clear, with those that there are
 */
export function boxColumns(
  file: string,
  look: TableLook,
  rows: readonly (readonly unknown[])[],
  options: Options,
): BoxColumns {
  const { table, columns } = look;
  const unclear = (what: string) => columnError(`${file} ${what}`, table, CHOOSE);
  const named = columns.some(({ name }, column) => name !== String(column + 1));
  const picture = chosen(columns, options['path-column'], 'path', unclear, pictureColumn(columns));
  if (picture === undefined) throw unclear('has no column of pictures');
  const box =
    named || options['box-columns'] !== undefined
      ? namedBox(columns, options['box-columns'], unclear)
      : unnamedBox(columns, picture, unclear);
  const taken = new Set([picture, ...[box.box, box.size ?? []].flat()]);
  const label =
    options['class'] === undefined
      ? chosen(
          columns,
          options['label-column'],
          'label',
          unclear,
          box.label !== undefined ? [box.label] : labelColumns(columns, taken),
        )
      : undefined;
  if (label === undefined && options['class'] === undefined) throw unclear('has no column of classes');
  const { column: split, warnings } = findSplitColumn({ table, file, options, choose: CHOOSE, rows });
  const crowd = columns.findIndex(({ name }) => name.toLowerCase() === 'isgroupof');
  const asked = options[GROUP_COLUMN];
  const group = asked === undefined ? undefined : chosen(columns, asked, 'group', unclear, []);
  return {
    ...box,
    picture,
    label,
    warnings,
    ...(split && { split }),
    ...(crowd >= 0 && { crowd }),
    ...(group !== undefined && { group }),
  };
}

type Unclear = (what: string) => Error;
type Found = Pick<BoxColumns, 'box' | 'layout' | 'size' | 'label'>;

function chosen(
  columns: readonly ColumnLook[],
  asked: string | undefined,
  what: string,
  unclear: Unclear,
  found: readonly number[],
): number | undefined {
  const index = asked === undefined ? found[0] : columns.findIndex(({ name }) => name === asked);
  if (index !== undefined && index < 0) throw unclear(`has no column "${asked}"`);
  if (asked === undefined && found.length > 1)
    throw unclear(`has several columns that may hold the ${what}: ${found.map((i) => columns[i]!.name).join(', ')}`);
  return index;
}

const indicesOf = (columns: readonly ColumnLook[], fits: (column: ColumnLook, index: number) => boolean) =>
  columns.flatMap((column, index) => (fits(column, index) ? [index] : []));

/** Columns that hold pictures' names, of those one that is called so; else what is called so. */
function pictureColumn(columns: readonly ColumnLook[]): number[] {
  const pictures = indicesOf(columns, ({ kind }) => kind === 'picture');
  const called = pictures.filter((index) => columns[index]!.role === 'picture');
  if (called.length === 1) return called;
  return pictures.length > 0 ? pictures : indicesOf(columns, ({ role }) => role === 'picture');
}

/** Columns that are called so; where several are, those that hold words. */
function labelColumns(columns: readonly ColumnLook[], taken: ReadonlySet<number>): number[] {
  const called = indicesOf(columns, ({ role }, index) => role === 'label' && !taken.has(index));
  const words = called.filter((index) => columns[index]!.kind !== 'number');
  return called.length > 1 && words.length > 0 ? words : called;
}

function namedBox(columns: readonly ColumnLook[], asked: string | undefined, unclear: Unclear): Found {
  if (asked !== undefined) return askedBox(columns, asked, unclear);
  const found = new Map<BoxPart, number>();
  columns.forEach(({ name }, index) => {
    const part = boxPart(name);
    if (part !== undefined && !found.has(part)) found.set(part, index);
  });
  const at = (...parts: BoxPart[]) =>
    parts.every((part) => found.has(part)) ? parts.map((part) => found.get(part)!) : undefined;
  const four = (...parts: BoxPart[]) => at(...parts) as [number, number, number, number] | undefined;
  const sizeBeside = at('width', 'height') as [number, number] | undefined;
  const named = pictureSize(columns);
  const corners = four('left', 'top', 'right', 'bottom');
  if (corners) return { box: corners, layout: 'corners', size: named ?? sizeBeside };
  const sides = four('x', 'y', 'width', 'height') ?? four('left', 'top', 'width', 'height');
  if (sides) {
    const centres = /c/i.test(columns[sides[0]]!.name);
    return { box: sides, layout: centres ? 'centres' : 'sizes', size: named };
  }
  const whole = found.get('whole');
  if (whole !== undefined) return { box: whole, layout: 'sizes', size: named ?? sizeBeside };
  throw unclear('has no columns of boxes that are known by their names');
}

function askedBox(columns: readonly ColumnLook[], asked: string, unclear: Unclear): Found {
  const names = asked.split(',').map((name) => name.trim());
  const indices = names.map((name) => columns.findIndex((column) => column.name === name));
  const missing = names[indices.indexOf(-1)];
  if (missing !== undefined) throw unclear(`has no column "${missing}"`);
  if (indices.length === 1) return { box: indices[0]!, layout: 'sizes', size: pictureSize(columns) };
  if (indices.length !== 4)
    throw unclear(`has box-columns=${asked}, which are not four (or one that holds four numbers)`);
  const box = indices as [number, number, number, number];
  return { box, layout: 'corners', size: pictureSize(columns) };
}

/** Columns that are called after the picture's sides: `image_width`, `img_h`. */
function pictureSize(columns: readonly ColumnLook[]): [number, number] | undefined {
  const side = (pattern: RegExp) => columns.findIndex(({ name }) => pattern.test(name.replaceAll(/[\s_.-]/g, '')));
  const [width, height] = [
    side(/^(image|img|picture|orig|original)(w|width)$/i),
    side(/^(image|img|picture|orig|original)(h|height)$/i),
  ];
  return width >= 0 && height >= 0 ? [width, height] : undefined;
}

function unnamedBox(columns: readonly ColumnLook[], picture: number, unclear: Unclear): Found {
  const isNumber = (index: number) => columns[index]?.kind === 'number';
  const from = (first: number) => [first, first + 1, first + 2, first + 3] as [number, number, number, number];
  const before = from(picture + 1);
  if (before.every(isNumber) && columns[picture + 5]) return { box: before, layout: 'corners', label: picture + 5 };
  const behind = from(picture - 4);
  if (behind.every(isNumber) && picture >= 5) {
    const size = [picture + 1, picture + 2] as [number, number];
    return { box: behind, layout: 'sizes', label: picture - 5, ...(size.every(isNumber) && { size }) };
  }
  throw unclear(
    'has no names for its columns, and they are neither "picture, x1, y1, x2, y2, class" nor "class, x, y, width, height, picture"',
  );
}
