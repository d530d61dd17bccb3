import { HeadstartError } from '@headstart/core';
import type { Box } from '../boxes/box.ts';
import { BoxTable, Places, type Id } from './box-table.ts';
import { jsonItems } from './json-items.ts';

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
  /** Rows refer to `images` and `categories` by their place; the number is the area. */
  readonly annotations: BoxTable;
  /** The id of a row's annotation. */
  readonly annotationId: (row: number) => Id;
  /** The `bbox` of a row as it was written, where it is not four finite numbers: the row's box is then NaN. */
  readonly noBox: ReadonlyMap<number, string>;
}

const NO_BOX: Box = [NaN, NaN, NaN, NaN];

/**
 * Reads a COCO detection file element by element; masks and what else annotations carry is dropped at
 * once. An annotation without an area has its box's.
 *
 * @throws HeadstartError `target-not-found`, `target-unreadable`, `label-invalid`, each with the file
 * and the id of what is wrong: no id or two of one id, an image or category that is not listed
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

/** A file's error. */
export function cocoError(
  path: string,
  what: string,
  hint: string,
  code: 'target-unreadable' | 'label-invalid' = 'target-unreadable',
): HeadstartError {
  return new HeadstartError({ code, message: `${path}: ${what}.`, hint });
}

/** The value of `id`-like members: a whole number or a text. */
export function idOf(value: unknown): Id | undefined {
  return Number.isSafeInteger(value) || (typeof value === 'string' && value !== '') ? (value as Id) : undefined;
}

/** `bbox` as a box; undefined where it is not four finite numbers. */
export function boxIn(value: unknown): Box | undefined {
  return Array.isArray(value) && value.length === 4 && value.every((side) => Number.isFinite(side))
    ? (value as unknown as Box)
    : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

class DocumentReader {
  readonly #images = new Map<number, CocoImage>();
  readonly #categories = new Map<number, CocoCategory>();
  readonly #imagePlaces = new Places();
  readonly #categoryPlaces = new Places();
  readonly #annotations = new BoxTable();
  readonly #ids: Id[] = [];
  readonly #noBox = new Map<number, string>();

  constructor(readonly path: string) {}

  image(value: unknown, index: number): void {
    const { id, fields } = this.#identified(value, `images[${index}]`);
    const place = this.#imagePlaces.of(id);
    if (this.#images.has(place)) throw this.#twice('image', id);
    const { file_name: file, width, height } = fields;
    if (typeof file !== 'string' || file === '')
      throw cocoError(this.path, `image ${id} has no file_name`, 'Give every image the name of its file.');
    const size = [width, height].filter((side) => side !== undefined && side !== null);
    if (size.length === 1 || !size.every((side) => Number.isSafeInteger(side) && (side as number) > 0)) {
      throw cocoError(
        this.path,
        `image ${id} (${file}) has the size ${String(width)} x ${String(height)}`,
        'Give its width and height in pixels.',
      );
    }
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
      throw cocoError(this.path, `category ${id} has no name`, 'Give every category a name.', 'label-invalid');
    this.#categories.set(place, { id, name });
  }

  annotation(value: unknown, index: number): void {
    const { id, fields } = this.#identified(value, `annotations[${index}]`);
    const what = `annotation ${id}`;
    const image = idOf(fields['image_id']);
    const category = idOf(fields['category_id']);
    if (image === undefined) throw cocoError(this.path, `${what} has no image_id`, 'Say which image it belongs to.');
    if (category === undefined)
      throw cocoError(this.path, `${what} has no category_id`, 'Say what it shows, or remove it.', 'label-invalid');
    const box = boxIn(fields['bbox']);
    if (!box) this.#noBox.set(this.#annotations.length, JSON.stringify(fields['bbox'] ?? null).replaceAll('"', ''));
    // A box with a negative side is reported where boxes are looked at, not as a negative area.
    const area = fields['area'] ?? (box ? Math.max(0, box[2]) * Math.max(0, box[3]) : 0);
    if (typeof area !== 'number' || !(area >= 0))
      throw cocoError(
        this.path,
        `${what} has the area ${JSON.stringify(area)}`,
        'Give square pixels, or leave the area out: the box has one.',
      );
    const crowd = fields['iscrowd'];
    this.#annotations.add({
      picture: this.#imagePlaces.of(image),
      category: this.#categoryPlaces.of(category),
      box: box ?? NO_BOX,
      number: area,
      crowd: crowd === 1 || crowd === true,
    });
    this.#ids.push(id);
  }

  end(): CocoDocument {
    if (this.#images.size === 0)
      throw cocoError(
        this.path,
        'it lists no images',
        'Give a COCO file with "images", "annotations" and "categories".',
      );
    if (this.#categories.size === 0)
      throw cocoError(
        this.path,
        'it lists no categories',
        'Give a COCO file with "images", "annotations" and "categories".',
        'label-invalid',
      );
    this.#checkIds();
    this.#checkReferences();
    const inOrder = <T>(listed: ReadonlyMap<number, T>) =>
      Array.from({ length: listed.size }, (_, place) => listed.get(place)!);
    return {
      path: this.path,
      images: inOrder(this.#images),
      categories: inOrder(this.#categories),
      annotations: this.#annotations,
      annotationId: (row) => this.#ids[row]!,
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
        throw cocoError(
          this.path,
          `annotation ${this.#ids[row]} belongs to image ${this.#imagePlaces.ids[image]}, which is not among the images`,
          'List the image, or remove the annotation.',
        );
      }
      if (!this.#categories.has(category)) {
        throw cocoError(
          this.path,
          `annotation ${this.#ids[row]} has the category ${this.#categoryPlaces.ids[category]}, which is not among the categories`,
          'List the category, or remove the annotation.',
          'label-invalid',
        );
      }
    }
    const names = new Map<string, Id>();
    for (const { id, name } of this.#categories.values()) {
      const other = names.get(name);
      if (other !== undefined)
        throw cocoError(
          this.path,
          `the categories ${other} and ${id} are both called "${name}"`,
          'Give every category its own name, or give both one id.',
          'label-invalid',
        );
      names.set(name, id);
    }
  }

  #checkIds(): void {
    const numbers = Float64Array.from(this.#ids.filter((id) => typeof id === 'number')).sort();
    for (let i = 1; i < numbers.length; i++)
      if (numbers[i] === numbers[i - 1]) throw this.#twice('annotation', numbers[i]!);
    const texts = new Set<Id>();
    for (const id of this.#ids) {
      if (typeof id === 'number') continue;
      if (texts.has(id)) throw this.#twice('annotation', id);
      texts.add(id);
    }
  }

  #identified(value: unknown, what: string): { id: Id; fields: Fields } {
    const id = isFields(value) ? idOf(value['id']) : undefined;
    if (id === undefined) throw cocoError(this.path, `${what} has no id`, 'Give it an id: a whole number or a text.');
    return { id, fields: value as Fields };
  }

  #twice(kind: string, id: Id): HeadstartError {
    return cocoError(
      this.path,
      `two of its ${kind === 'category' ? 'categories' : `${kind}s`} have the id ${id}`,
      'Give each an id of its own.',
    );
  }
}
