import type { SplitName } from '@headstart/core';
import type { DataWarning, PassedOver, TableNotes } from '@headstart/core/readers';
import type { Box, Size } from '../boxes/box.ts';
import { formInWords, PIXEL_SIZES, type BoxForm } from '../readers/box-form.ts';
import { BoxTable } from '../readers/box-table.ts';
import type { WrittenObject } from '../readers/check-objects.ts';
import { Places } from '../readers/ids.ts';
import { annotationError } from './annotation-error.ts';

/** A picture as an annotation file lists it, not looked for yet. */
export interface AnnotatedPicture {
  /** The annotation file that lists it. */
  readonly source: string;
  /** What the file calls it: a name, a path of another machine, an address. */
  readonly file: string;
  /** What else it may be called, where there is none of that name. */
  readonly otherwise?: readonly string[];
  /** The picture itself, in base64 within the annotation file, for where there is no file. */
  readonly embedded?: boolean;
  /** Where the file lists it, as messages say it: `image 3 (a.jpg)`; absent where its boxes' lines say it all. */
  readonly place?: string;
  /** What the numbers of its objects count, where it is not the layout's noun. */
  readonly noun?: string;
  readonly size?: Size;
  readonly split?: SplitName;
  /** What it is a part of, where its table says. */
  readonly group?: string;
}

/** What an annotation tool draws. */
export type Shape = 'box' | 'turned box' | 'outline' | 'mask';

/** One object as an annotation file has it. */
export interface AnnotatedObject {
  /** Its class; undefined where the file gives none. */
  readonly label: string | undefined;
  /** The upright box of its shape, in the set's form. */
  readonly box: Box;
  /** Its line, or its place among the picture's shapes, from 1. */
  readonly number: number;
  /** A box where absent; of any other shape the box around it is meant. */
  readonly shape?: Shape;
  /** See `DetectionObject`. */
  readonly crowd?: boolean;
}

/** What shapes are called, one and several. */
export const SHAPES: Readonly<Record<Shape, readonly [one: string, several: string]>> = {
  box: ['box', 'boxes'],
  'turned box': ['turned box', 'turned boxes'],
  outline: ['outline', 'outlines'],
  mask: ['mask', 'masks'],
};

/** How the files of a layout are to be understood. */
export interface SetConventions {
  /** What a file calls an object: "shape", "region", "line". */
  readonly noun: string;
  /** Whether only boxes are read that were drawn as such, and no box around another shape. */
  readonly boxesOnly: boolean;
}

/** So many examples are kept of what is said of a set. */
const EXAMPLES = 10;

/**
 * Pictures and their boxes, as the annotation files of a set have them: the one shape in which every layout hands
 * them on. Boxes lie in columns, about 60 bytes each.
 */
export class AnnotatedSet {
  readonly pictures: AnnotatedPicture[] = [];
  readonly boxes = new BoxTable();
  /** Class names in the order in which they were met, by the category of the boxes. */
  readonly labels = new Places();
  /** By picture, why it is not labelled: a box without a class, or that nobody has looked at it. */
  readonly unlabelled = new Map<number, string>();
  /** By shape, how many there are and the pictures of the first. */
  readonly shapes = new Map<Shape, { count: number; pictures: number[] }>();
  /** What looks wrong in the files. */
  readonly warnings: DataWarning[] = [];
  /** How a table was taken apart, where the set is one. */
  table?: TableNotes;
  #form: { readonly form: BoxForm; readonly path: string } | undefined;
  /** Rows that are boxes around other shapes: they are x, y, width and height whatever is said of the boxes. */
  readonly #around = new Set<number>();
  readonly #passedOver = new Map<string, { count: number; examples: string[] }>();

  constructor(readonly conventions: SetConventions) {}

  /** What the numbers of its boxes are; x, y, width and height in pixels where no file has stated otherwise. */
  get form(): BoxForm {
    return this.#form?.form ?? PIXEL_SIZES;
  }

  /** States the form of a file's boxes. @throws HeadstartError `target-unreadable` where another file has another */
  stateForm(form: BoxForm, path: string): void {
    if (this.#form && formInWords(this.#form.form) !== formInWords(form)) {
      throw annotationError(
        path,
        `its boxes are ${formInWords(form)}, and those of ${this.#form.path} are ${formInWords(this.#form.form)}`,
        'Give one of the files, or write their boxes alike.',
      );
    }
    this.#form ??= { form, path };
  }

  /** Lists a picture. @returns its place, to add boxes by */
  addPicture(picture: AnnotatedPicture): number {
    return this.pictures.push(picture) - 1;
  }

  addObject(picture: number, { label, box, number, shape = 'box', crowd }: AnnotatedObject): void {
    if (shape !== 'box' && this.conventions.boxesOnly) {
      this.passOver(SHAPES[shape][1], this.placeOf(picture, number));
      return;
    }
    const seen = this.shapes.get(shape) ?? { count: 0, pictures: [] };
    seen.count++;
    if (seen.pictures.length < EXAMPLES && seen.pictures.at(-1) !== picture) seen.pictures.push(picture);
    this.shapes.set(shape, seen);
    if (label === undefined) {
      if (!this.unlabelled.has(picture)) this.unlabelled.set(picture, `${this.placeOf(picture, number)} has no label`);
      return;
    }
    if (shape !== 'box') this.#around.add(this.boxes.length);
    this.boxes.add({ picture, category: this.labels.of(label), box, number, crowd });
  }

  /** The objects of a picture, as they are checked. `labelOf` has the label of each category. */
  objectsOf(picture: number, labelOf: readonly number[]): WrittenObject[] {
    const { boxes } = this;
    return Array.from(boxes.rowsOf(picture), (row) => {
      const number = boxes.number(row);
      return {
        box: boxes.box(row),
        ...(this.#around.has(row) && { form: { layout: 'sizes', unit: this.form.unit } as const }),
        label: labelOf[boxes.category(row)]!,
        crowd: boxes.crowd(row),
        id: number,
        place: this.placeOf(picture, number),
      };
    });
  }

  /** Notes that something of a file was left aside; `what` is its kind, in the plural. */
  passOver(what: string, example: string): void {
    const passed = this.#passedOver.get(what) ?? { count: 0, examples: [] };
    passed.count++;
    if (passed.examples.length < EXAMPLES / 2) passed.examples.push(example);
    this.#passedOver.set(what, passed);
  }

  get passedOver(): PassedOver[] {
    return [...this.#passedOver].map(([what, { count, examples }]) => ({ what, count, examples }));
  }

  /** Where an object is written, for messages. */
  placeOf(picture: number, number: number): string {
    const { source, place, noun = this.conventions.noun } = this.pictures[picture]!;
    return `${source}${place === undefined ? '' : `: ${place}`}, ${noun} ${number}`;
  }
}
