import { HeadstartError } from '@headstart/core';
import type { Box, Size } from '../boxes/box.ts';

/** What the four numbers of a box are, as a file writes them. */
export interface BoxForm {
  /** `x y width height`, `x1 y1 x2 y2`, or the centre with `width height`. */
  readonly layout: 'sizes' | 'corners' | 'centres';
  /** Pixels, or fractions of the picture's width and height. */
  readonly unit: 'pixels' | 'fractions';
  /** Corners are pixels that the box includes, counted from 1, as Pascal VOC has them. */
  readonly inclusive?: boolean;
}

/** `x y width height` in pixels: COCO's, and that of readers whose boxes have one form only. */
export const PIXEL_SIZES: BoxForm = { layout: 'sizes', unit: 'pixels' };

const LAYOUTS = ['sizes', 'corners', 'centres'] as const;
const UNITS = ['pixels', 'fractions'] as const;

/** Every form but the one given. */
export function otherForms({ layout, unit }: BoxForm): BoxForm[] {
  return LAYOUTS.flatMap((one) => UNITS.map((other) => ({ layout: one, unit: other }))).filter(
    (form) => form.layout !== layout || form.unit !== unit,
  );
}

/** The box in pixels; numbers that make no box (a negative side, none at all) stay as they are. */
export function pixelBox([a, b, c, d]: Box, { layout, unit, inclusive }: BoxForm, { width, height }: Size): Box {
  const box: Box =
    layout === 'sizes'
      ? [a, b, c, d]
      : layout === 'centres'
        ? [a - c / 2, b - d / 2, c, d]
        : inclusive
          ? [a - 1, b - 1, c - a + 1, d - b + 1]
          : [a, b, c - a, d - b];
  return unit === 'pixels' ? box : [box[0] * width, box[1] * height, box[2] * width, box[3] * height];
}

/**
 * The form of a set's boxes: `stated` by its layout, changed by the words of the reader's option `boxes`: `corners`,
 * `fractions`, `corners,pixels`, …
 * @throws HeadstartError `invalid-option`
 */
export function boxFormOf(stated: BoxForm, options: Readonly<Record<string, string>>): BoxForm {
  const text = options['boxes'];
  if (text === undefined) return stated;
  const words = text.toLowerCase().split(',');
  const layout = LAYOUTS.filter((word) => words.includes(word));
  const unit = UNITS.filter((word) => words.includes(word));
  if (layout.length > 1 || unit.length > 1 || layout.length + unit.length !== words.length) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The reader option boxes=${text} cannot be used.`,
      hint: `Give one of ${LAYOUTS.join(', ')}, or one of ${UNITS.join(', ')}, or both with a comma: boxes=corners,fractions.`,
    });
  }
  const form = { layout: layout[0] ?? stated.layout, unit: unit[0] ?? stated.unit };
  return form.layout === stated.layout && form.unit === stated.unit ? stated : form;
}

const WORDS = {
  sizes: 'x, y, width and height',
  corners: 'the corners x1, y1, x2, y2',
  centres: 'centre, width and height',
} as const;

/** A form in words: "the corners x1, y1, x2, y2 in pixels". */
export function formInWords({ layout, unit }: BoxForm): string {
  return `${WORDS[layout]} in ${unit === 'pixels' ? 'pixels' : 'fractions of the picture'}`;
}
