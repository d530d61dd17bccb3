import { HeadstartError } from '@headstart/core';
import type { DataWarning } from '@headstart/core/readers';

/** Rows from which on their being alike is no chance: outlines in the upper left may pass for a box with points in it. */
const ENOUGH = 5;
/** How far keypoints may lie outside their box, as a share of its sides, and a box outside its picture. */
const OUTSIDE = 0.1;
const OVER_THE_EDGE = 0.02;

/** How many keypoints a row has after its box, and of how many numbers each. */
interface PoseShape {
  readonly points: number;
  readonly numbers: 2 | 3;
}

/**
 * What the rows of a YOLO set with more than four numbers say of themselves: outlines differ in length and go anywhere; rows
 * with keypoints all have one length, and their first four numbers are a box in which the others lie.
 */
export class PoseEvidence {
  #rows = 0;
  #shape: PoseShape | undefined;
  #alike = true;
  #first = '';

  /** Counts a row by its numbers without the class. */
  add(numbers: readonly number[], place: string): void {
    const shape = this.#alike ? poseShape(numbers) : undefined;
    if (this.#rows++ === 0) [this.#shape, this.#first] = [shape, place];
    this.#alike &&=
      shape !== undefined && shape.points === this.#shape?.points && shape.numbers === this.#shape.numbers;
  }

  /** The error for rows that surely are boxes with keypoints. */
  refusal(root: string): HeadstartError | undefined {
    if (!this.#shape || !this.#alike || !(this.#rows >= ENOUGH || this.#shape.numbers === 3)) return undefined;
    return new HeadstartError({
      code: 'sample-unreadable',
      message: `${root}: ${this.#message(this.#shape)}`,
      hint: this.#hint(this.#shape),
    });
  }

  /** The warning for a few rows that may be boxes with keypoints. */
  warning(): DataWarning | undefined {
    if (!this.#shape || !this.#alike) return undefined;
    return {
      code: 'outlines-as-keypoints',
      message: `${this.#message(this.#shape)} They are read as outlines.`,
      hint: this.#hint(this.#shape),
      samples: [],
    };
  }

  #message({ points, numbers }: PoseShape): string {
    const many = this.#rows === 1 ? 'the row' : `all ${this.#rows} rows`;
    return `${many} with more than four numbers (${this.#first}) could be outlines, but look like a box with ${points} keypoints of ${numbers} numbers: the first four are a box that contains the other points.`;
  }

  #hint({ points, numbers }: PoseShape): string {
    return `If they are, write kpt_shape: [${points}, ${numbers}] into data.yaml, or give --reader-option keypoints=${points}x${numbers}. If they are outlines: keypoints=none.`;
  }
}

/** What a row has after its box; undefined where its first four numbers are no box with the other points in it. */
function poseShape([x, y, width, height, ...rest]: readonly number[]): PoseShape | undefined {
  if (!(width! > 0 && height! > 0 && isSide(x!, width!) && isSide(y!, height!))) return undefined;
  const numbers = rest.length % 3 === 0 && rest.every((value, i) => i % 3 < 2 || [0, 1, 2].includes(value)) ? 3 : 2;
  if (rest.length % numbers > 0 || isParallelogram([x!, y!, width!, height!, ...rest])) return undefined;
  const points = Array.from({ length: rest.length / numbers }, (_, i) => rest.slice(numbers * i, numbers * i + 2));
  const visible = points.filter(([a, b]) => a !== 0 || b !== 0);
  const near = (at: number, centre: number, side: number) => Math.abs(at - centre) <= side * (0.5 + OUTSIDE);
  const within = visible.every(([a, b]) => near(a!, x!, width!) && near(b!, y!, height!));
  return visible.length > 0 && within ? { points: points.length, numbers } : undefined;
}

const isSide = (centre: number, side: number) =>
  centre - side / 2 >= -OVER_THE_EDGE && centre + side / 2 <= 1 + OVER_THE_EDGE;

/** Four corners of a turned box, which shares of the picture's sides make a parallelogram. */
function isParallelogram(numbers: readonly number[]): boolean {
  const [ax, ay, bx, by, cx, cy, dx, dy] = numbers as [number, number, number, number, number, number, number, number];
  return numbers.length === 8 && Math.abs(ax + cx - bx - dx) < 0.01 && Math.abs(ay + cy - by - dy) < 0.01;
}
