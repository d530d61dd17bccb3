import { HeadstartError } from '@headstart/core';
import { skipHint } from '@headstart/core/readers';
import { clipBox, dwarfs, type Box, type Size } from '../boxes/box.ts';
import type { DetectionObject } from '../data/detection-sample.ts';
import { pixelBox, type BoxForm } from './box-form.ts';

/** An object as an annotation has it, not checked yet. */
export interface WrittenObject {
  /** Its four numbers as they are written. */
  readonly box: Box;
  /** What they are, where that is not what the set's are: the box around an outline, say. */
  readonly form?: BoxForm;
  readonly label: number;
  readonly crowd: boolean;
  /** The box's own where absent. */
  readonly area?: number;
  readonly id: number | string;
  /** Where it is written, for messages: `file: annotation 17`. */
  readonly place: string;
  /** The box as it is written; its numbers where absent. */
  readonly written?: string;
}

/**
 * The objects of a picture, their boxes in pixels and cut to the picture. `form` is that of the set.
 * @throws HeadstartError `sample-unreadable` for a box that is not four numbers with an area or lies outside the picture
 */
export function checkObjects(objects: readonly WrittenObject[], size: Size, form: BoxForm): DetectionObject[] {
  return objects.map((object) => {
    const { label, crowd, id } = object;
    const box = pixelBox(object.box, object.form ?? form, size);
    if (!box.every((side) => Number.isFinite(side))) throw badBox(object, 'is not four finite numbers');
    if (!(box[2] > 0 && box[3] > 0))
      throw badBox(object, box[2] < 0 || box[3] < 0 ? 'has a negative side' : 'has no area');
    if (dwarfs(box, size))
      throw badBox(object, `is over ten times as large as the picture of ${size.width} x ${size.height} pixels`);
    const clipped = clipBox(box, size);
    if (!clipped) throw badBox(object, `lies outside the picture of ${size.width} x ${size.height} pixels`);
    return { box: clipped, label, crowd, area: object.area ?? clipped[2] * clipped[3], id };
  });
}

function badBox({ box, place, written = `[${box.join(', ')}]` }: WrittenObject, why: string): HeadstartError {
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${place}: the box ${written} ${why}.`,
    hint: `Repair or remove the annotation; ${skipHint('its picture')}`,
  });
}
