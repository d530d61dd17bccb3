import type { Box } from '../boxes/box.ts';

/** A growing column of numbers. */
class Column<A extends Float64Array | Uint32Array> {
  #values: A;
  length = 0;

  constructor(private readonly make: (length: number) => A) {
    this.#values = make(1024);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = this.make(Math.ceil(this.length * 1.5));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  get(index: number): number {
    return this.#values[index]!;
  }

  /** What was pushed; a view, not a copy. */
  get values(): A {
    return this.#values.subarray(0, this.length) as A;
  }
}

const floats = () => new Column<Float64Array>((length) => new Float64Array(length));
const whole = () => new Column<Uint32Array>((length) => new Uint32Array(length));

/**
 * Boxes with their picture, class and one number (an area, a score), in columns: about 60 bytes per box,
 * so that the millions of a large file fit in memory.
 */
export class BoxTable {
  readonly #picture = whole();
  readonly #category = whole();
  readonly #sides = [floats(), floats(), floats(), floats()] as const;
  readonly #number = floats();
  readonly #crowd = new Set<number>();
  #rows: Uint32Array | undefined;
  #starts: Uint32Array | undefined;

  get length(): number {
    return this.#picture.length;
  }

  add(row: { picture: number; category: number; box: Box; number: number; crowd?: boolean }): void {
    if (row.crowd) this.#crowd.add(this.length);
    this.#picture.push(row.picture);
    this.#category.push(row.category);
    row.box.forEach((side, i) => this.#sides[i]!.push(side));
    this.#number.push(row.number);
    this.#rows = undefined;
  }

  picture(row: number): number {
    return this.#picture.get(row);
  }

  category(row: number): number {
    return this.#category.get(row);
  }

  box(row: number): Box {
    const [x, y, width, height] = this.#sides;
    return [x.get(row), y.get(row), width.get(row), height.get(row)];
  }

  /** The box's area or score; NaN where it has none. */
  number(row: number): number {
    return this.#number.get(row);
  }

  crowd(row: number): boolean {
    return this.#crowd.has(row);
  }

  /** The rows of a picture, in the order in which they were added. */
  rowsOf(picture: number): Uint32Array {
    if (!this.#rows) this.#sortByPicture();
    return this.#rows!.subarray(this.#starts![picture] ?? this.length, this.#starts![picture + 1] ?? this.length);
  }

  /** A counting sort, which keeps the order within a picture. */
  #sortByPicture(): void {
    const pictures = this.#picture.values;
    const count = pictures.reduce((most, picture) => Math.max(most, picture + 1), 0);
    const starts = new Uint32Array(count + 1);
    for (const picture of pictures) starts[picture + 1]!++;
    for (let i = 0; i < count; i++) starts[i + 1]! += starts[i]!;
    const next = starts.slice();
    const rows = new Uint32Array(pictures.length);
    pictures.forEach((picture, row) => (rows[next[picture]!++] = row));
    this.#rows = rows;
    this.#starts = starts;
  }
}
