import { HeadstartError } from '@headstart/core';
import type { DataWarning } from '@headstart/core/readers';
import { clipBox, dwarfs, type Box, type Size } from '../boxes/box.ts';
import { formInWords, otherForms, pixelBox, type BoxForm } from './box-form.ts';

/** How far a box may reach over the edge, as a share of the picture: annotators are not exact. */
const OVER_THE_EDGE = 0.05;

/** How far a box may reach over the edge that is exact, in pixels: numbers are rounded. */
const ROUNDED = 1;

/** So many pictures are named. */
const MOST_NAMED = 10;

/**
 * What a set's boxes say of the form that they are written in: how many fit their pictures when they are read as stated,
 * and how many when they are read in another form. It counts only, whatever the size of the set.
 */
export class BoxEvidence {
  readonly #stated: BoxForm;
  readonly #others: readonly { readonly form: BoxForm; fitting: number; exact: number }[];
  #boxes = 0;
  #fitting = 0;
  #exact = 0;
  readonly #across = new Correlation();
  readonly #down = new Correlation();
  #second = 0;
  #impossible = 0;
  readonly #pictures = new Set<string>();

  constructor(stated: BoxForm) {
    this.#stated = stated;
    // Of forms that fit alike the one of the stated layout is the likelier.
    const alike = ({ layout }: BoxForm) => Number(layout === stated.layout);
    this.#others = otherForms(stated)
      .sort((a, b) => alike(b) - alike(a))
      .map((form) => ({ form, fitting: 0, exact: 0 }));
  }

  /** Counts a box by its four numbers as they are written, in the picture `id`. */
  add(numbers: Box, size: Size, id: string): void {
    if (!numbers.every((number) => Number.isFinite(number))) return;
    this.#boxes++;
    this.#across.add(numbers[0] / size.width, numbers[2] / size.width);
    this.#down.add(numbers[1] / size.height, numbers[3] / size.height);
    if (numbers[2] > numbers[0] && numbers[3] > numbers[1]) this.#second++;
    const box = pixelBox(numbers, this.#stated, size);
    if (!isPossible(box, size)) this.#impossible++;
    if (fits(box, size, this.#stated)) this.#fitting++;
    if (isWithin(box, size, ROUNDED, ROUNDED)) this.#exact++;
    else if (this.#pictures.size < MOST_NAMED) this.#pictures.add(id);
    for (const other of this.#others) {
      const otherwise = pixelBox(numbers, other.form, size);
      if (!fits(otherwise, size, other.form)) continue;
      other.fitting++;
      if (isWithin(otherwise, size, ROUNDED, ROUNDED)) other.exact++;
    }
  }

  /** Whether some box cannot be one as it is read: it has no area, or none in its picture. */
  get anyImpossible(): boolean {
    return this.#impossible > 0;
  }

  /** The error for a set of which most boxes cannot be as they are read, and fit in another form. */
  refusal(root: string): HeadstartError | undefined {
    const likelier = this.#likelier();
    if (!likelier || this.#impossible <= this.#boxes / 2) return undefined;
    return new HeadstartError({
      code: 'sample-unreadable',
      message: `${root}: ${this.#impossible} of ${this.#boxes} boxes are none when they are read as ${formInWords(this.#stated)}: they lie outside their pictures or have no area.`,
      hint: `They fit as ${formInWords(likelier)}: if they are meant so, give --reader-option boxes=${likelier.layout},${likelier.unit}.`,
    });
  }

  /** A warning for a set of which many boxes do not fit as they are read, and all do in another form. */
  warning(): DataWarning | undefined {
    const likelier = this.#likelier();
    if (!likelier) return undefined;
    const word = likelier.unit === this.#stated.unit ? likelier.layout : likelier.unit;
    return {
      code: `boxes-as-${word}`,
      message: `${this.#seen()} when they are read as ${formInWords(this.#stated)}; they fit as ${formInWords(likelier)}.`,
      hint: `If they are meant so, give --reader-option boxes=${likelier.layout},${likelier.unit}.`,
      samples: [...this.#pictures],
    };
  }

  #seen(): string {
    const misfits = this.#boxes - Math.min(this.#fitting, this.#exact);
    return this.#growTogether()
      ? `All ${this.#boxes} boxes are larger the further right and down they lie, and larger than their distance from there,`
      : `${misfits} of ${this.#boxes} boxes reach over the edge of their pictures, or are under a pixel,`;
  }

  /** Another form in which the boxes fit, where enough of them do not as they are read. */
  #likelier(): BoxForm | undefined {
    const misfits = this.#boxes - this.#fitting;
    const best = this.#others.reduce((a, b) => (b.fitting > a.fitting ? b : a));
    if (best.fitting < this.#boxes * 0.99) return undefined;
    const enough = misfits >= Math.max(2, this.#boxes * shareNeeded(this.#stated, best.form));
    return enough ? best.form : this.#exactCorners();
  }

  /**
   * Corners, where all boxes lie exactly within their pictures as such, and as they are read many reach over an edge, be it by
   * a little, or their sizes go with their places: that the second corner is always right of and below the first says much.
   */
  #exactCorners(): BoxForm | undefined {
    const corners = this.#others.find(({ form, exact }) => form.layout === 'corners' && exact === this.#boxes);
    const over = this.#boxes - this.#exact >= Math.max(3, this.#boxes * 0.25);
    return over || this.#growTogether() ? corners?.form : undefined;
  }

  /** Whether a third number goes with the first and a fourth with the second, as corners do and sizes do not. */
  #growTogether(): boolean {
    const many = this.#boxes >= 5 && this.#second === this.#boxes && this.#stated.layout !== 'corners';
    return many && this.#across.value > 0.5 && this.#down.value > 0.5;
  }
}

/** How far two numbers go together, from -1 to 1, without keeping them. */
class Correlation {
  #count = 0;
  #means = [0, 0];
  #squares = [0, 0];
  #products = 0;

  add(a: number, b: number): void {
    this.#count++;
    const [overA, overB] = [a - this.#means[0]!, b - this.#means[1]!];
    this.#means = [this.#means[0]! + overA / this.#count, this.#means[1]! + overB / this.#count];
    this.#squares = [
      this.#squares[0]! + overA * (a - this.#means[0]!),
      this.#squares[1]! + overB * (b - this.#means[1]!),
    ];
    this.#products += overA * (b - this.#means[1]!);
  }

  get value(): number {
    const spread = Math.sqrt(this.#squares[0]! * this.#squares[1]!);
    return spread > 0 ? this.#products / spread : 0;
  }
}

/**
 * The share of boxes that must not fit. A centre in place of a corner moves a box by half of its size: among few boxes
 * that reach over an edge, all may fit that way by chance.
 */
function shareNeeded(stated: BoxForm, other: BoxForm): number {
  const shifted = stated.unit === other.unit && stated.layout !== 'corners' && other.layout !== 'corners';
  return shifted ? 0.25 : 0.1;
}

function isPossible(box: Box, size: Size): boolean {
  return box[2] > 0 && box[3] > 0 && !dwarfs(box, size) && clipBox(box, size) !== undefined;
}

function fits(box: Box, size: Size, { inclusive }: BoxForm): boolean {
  const [, , width, height] = box;
  return (
    width > 0 &&
    height > 0 &&
    Math.max(width, height) > (inclusive ? 2 : 1) &&
    isWithin(box, size, size.width * OVER_THE_EDGE, size.height * OVER_THE_EDGE)
  );
}

function isWithin([x, y, width, height]: Box, size: Size, over: number, below: number): boolean {
  return x >= -over && y >= -below && x + width <= size.width + over && y + height <= size.height + below;
}
