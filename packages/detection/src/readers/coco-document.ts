import { shown } from '@headstart/artifacts/errors';
import type { HeadstartError } from '@headstart/core';
import { annotationError } from '../annotations/annotation-error.ts';
import type { Box } from '../boxes/box.ts';
import { BoxTable } from './box-table.ts';
import { idOf, Places, RowIds, type Id } from './ids.ts';
import { jsonItems } from './json-items.ts';
import { boxAround } from './outline-box.ts';

export interface CocoImage {
  readonly id: Id;
  readonly file: string;
  /** Absent where the document does not say. */
  readonly width?: number;
  readonly height?: number;
}

export interface CocoCategory {
  readonly id: Id;
  readonly name: string;
}

/** What a COCO file says, checked for what refers to what; boxes are as they were written. */
export interface CocoDocument {
  readonly path: string;
  readonly images: readonly CocoImage[];
  readonly categories: readonly CocoCategory[];
  /** Rows refer to `images` and `categories` by their place; the number is the area, NaN where none is given. */
  readonly annotations: BoxTable;
  /** Places of the images whose size is given as 0 or null. */
  readonly noSize: readonly number[];
  /** The id of a row's annotation. */
  readonly annotationId: (row: number) => Id;
  /** Rows whose annotation has no id, or one that an earlier row has: they were given new ones. */
  readonly renewedIds: readonly number[];
  /** Rows without a `bbox`, whose box is that around their outline. */
  readonly outlined: ReadonlySet<number>;
  /** The `bbox` of a row as it was written, where it is not four finite numbers: the row's box is then NaN. */
  readonly noBox: ReadonlyMap<number, string>;
}

const NO_BOX: Box = [NaN, NaN, NaN, NaN];

/**
 * Reads a COCO detection file element by element; masks and what else annotations carry is dropped at
 * once. Where an annotation has no `bbox`, or an empty one, and an outline, the box is that around the outline. A size
 * that is absent, null or 0 is none.
 *
 * @throws HeadstartError `target-not-found`, `target-unreadable`, `label-invalid`, each with the file
 * and the id of what is wrong: an image or category without an id, or with another's, or that is not listed
 */
export async function readCocoDocument(path: string): Promise<CocoDocument> {
  const reading = new DocumentReader(path);
  for await (const { key, index, value } of jsonItems(path)) {
    if (index === undefined) continue; // `info` and the like
    if (key === 'images') reading.image(value, index);
    else if (key === 'categories') reading.category(value, index);
    else if (key === 'annotations') reading.annotation(value, index);
  }
  return reading.end();
}

/** `bbox` as a box; undefined where it is not four finite numbers. */
export function boxIn(value: unknown): Box | undefined {
  return Array.isArray(value) && value.length === 4 && value.every((side) => Number.isFinite(side))
    ? (value as unknown as Box)
    : undefined;
}

/** The box around an annotation's outline, a list of polygons; undefined where there is none. */
function outlineBox(segmentation: unknown): Box | undefined {
  if (!Array.isArray(segmentation)) return undefined;
  const points = (segmentation as unknown[]).flat();
  return points.length >= 6 && points.every((value) => Number.isFinite(value))
    ? boxAround(points as number[])
    : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether there is no box, in one of the ways in which tools write that. */
function isNone(bbox: unknown): boolean {
  return bbox === undefined || bbox === null || (Array.isArray(bbox) && bbox.length === 0);
}

class DocumentReader {
  readonly #images = new Map<number, CocoImage>();
  readonly #categories = new Map<number, CocoCategory>();
  readonly #imagePlaces = new Places();
  readonly #categoryPlaces = new Places();
  readonly #annotations = new BoxTable();
  readonly #noSize: number[] = [];
  readonly #ids = new RowIds();
  readonly #outlined = new Set<number>();
  readonly #noBox = new Map<number, string>();

  constructor(readonly path: string) {}

  image(value: unknown, index: number): void {
    const { id, fields } = this.#identified(value, `images[${index}]`);
    const place = this.#imagePlaces.of(id);
    if (this.#images.has(place)) throw this.#twice('image', id);
    const { file_name: file, width, height } = fields;
    if (typeof file !== 'string' || file === '')
      throw annotationError(this.path, `image ${id} has no file_name`, 'Give every image the name of its file.');
    const size = [width, height].filter((side) => side !== undefined && side !== null && side !== 0);
    if (!size.every((side) => Number.isSafeInteger(side) && (side as number) > 0)) {
      throw annotationError(
        this.path,
        `image ${id} (${file}) has the size ${shown(width)} x ${shown(height)}`,
        'Give its width and height in pixels, or leave them out: the picture has them.',
      );
    }
    if (size.length < 2 && [width, height].some((side) => side !== undefined)) this.#noSize.push(place);
    this.#images.set(place, {
      id,
      file,
      ...(size.length === 2 && { width: width as number, height: height as number }),
    });
  }

  category(value: unknown, index: number): void {
    const { id, fields } = this.#identified(value, `categories[${index}]`);
    const place = this.#categoryPlaces.of(id);
    if (this.#categories.has(place)) throw this.#twice('category', id);
    const { name } = fields;
    if (typeof name !== 'string' || name.trim() === '')
      throw annotationError(this.path, `category ${id} has no name`, 'Give every category a name.', 'label-invalid');
    this.#categories.set(place, { id, name });
  }

  annotation(value: unknown, index: number): void {
    const fields = isFields(value) ? value : {};
    const id = idOf(fields['id']);
    const what = id === undefined ? `annotations[${index}]` : `annotation ${id}`;
    const image = idOf(fields['image_id']);
    const category = idOf(fields['category_id']);
    if (image === undefined)
      throw annotationError(this.path, `${what} has no image_id`, 'Say which image it belongs to.');
    if (category === undefined)
      throw annotationError(
        this.path,
        `${what} has no category_id`,
        'Say what it shows, or remove it.',
        'label-invalid',
      );
    const written = boxIn(fields['bbox']);
    const box = written ?? (isNone(fields['bbox']) ? outlineBox(fields['segmentation']) : undefined);
    if (box && !written) this.#outlined.add(this.#annotations.length);
    if (!box) this.#noBox.set(this.#annotations.length, shown(fields['bbox'] ?? null).replaceAll('"', ''));
    const area = fields['area'] ?? undefined;
    if (area !== undefined && !(typeof area === 'number' && area >= 0))
      throw annotationError(
        this.path,
        `${what} has the area ${shown(area)}`,
        'Give square pixels, or leave the area out: the box has one.',
      );
    const crowd = fields['iscrowd'];
    this.#annotations.add({
      picture: this.#imagePlaces.of(image),
      category: this.#categoryPlaces.of(category),
      box: box ?? NO_BOX,
      number: area ?? NaN,
      crowd: crowd === 1 || crowd === true,
    });
    this.#ids.add(id);
  }

  end(): CocoDocument {
    if (this.#images.size === 0)
      throw annotationError(
        this.path,
        'it lists no images',
        'Give a COCO file with "images", "annotations" and "categories".',
      );
    if (this.#categories.size === 0)
      throw annotationError(
        this.path,
        'it lists no categories',
        'Give a COCO file with "images", "annotations" and "categories".',
        'label-invalid',
      );
    const renewedIds = this.#ids.renew();
    this.#checkReferences();
    const inOrder = <T>(listed: ReadonlyMap<number, T>) =>
      Array.from({ length: listed.size }, (_, place) => listed.get(place)!);
    return {
      path: this.path,
      images: inOrder(this.#images),
      categories: inOrder(this.#categories),
      annotations: this.#annotations,
      annotationId: (row) => this.#ids.get(row)!,
      noSize: this.#noSize,
      renewedIds,
      outlined: this.#outlined,
      noBox: this.#noBox,
    };
  }

  /** Annotations may come before what they refer to, so references are checked at the end. */
  #checkReferences(): void {
    const images = this.#imagePlaces.ids.length !== this.#images.size;
    const categories = this.#categoryPlaces.ids.length !== this.#categories.size;
    for (let row = 0; (images || categories) && row < this.#annotations.length; row++) {
      const [image, category] = [this.#annotations.picture(row), this.#annotations.category(row)];
      if (!this.#images.has(image)) {
        throw annotationError(
          this.path,
          `annotation ${this.#ids.get(row)} belongs to image ${this.#imagePlaces.ids[image]}, which is not among the images`,
          'List the image, or remove the annotation.',
        );
      }
      if (!this.#categories.has(category)) {
        throw annotationError(
          this.path,
          `annotation ${this.#ids.get(row)} has the category ${this.#categoryPlaces.ids[category]}, which is not among the categories`,
          'List the category, or remove the annotation.',
          'label-invalid',
        );
      }
    }
    const names = new Map<string, Id>();
    for (const { id, name } of this.#categories.values()) {
      const other = names.get(name);
      if (other !== undefined)
        throw annotationError(
          this.path,
          `the categories ${other} and ${id} are both called "${name}"`,
          'Give every category its own name, or give both one id.',
          'label-invalid',
        );
      names.set(name, id);
    }
  }

  #identified(value: unknown, what: string): { id: Id; fields: Fields } {
    const id = isFields(value) ? idOf(value['id']) : undefined;
    if (id === undefined) {
      const given = isFields(value) ? value['id'] : undefined;
      const has = given === undefined || given === null ? 'no id' : `the id ${shown(given)}`;
      throw annotationError(this.path, `${what} has ${has}`, 'Give it an id: a whole number or a text.');
    }
    return { id, fields: value as Fields };
  }

  #twice(kind: 'image' | 'category', id: Id): HeadstartError {
    return annotationError(
      this.path,
      `two of its ${kind === 'category' ? 'categories' : 'images'} have the id ${id}`,
      'Give each an id of its own.',
    );
  }
}
