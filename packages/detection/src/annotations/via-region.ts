import { HeadstartError } from '@headstart/core';
import { byCodeUnit } from '@headstart/core/readers';
import type { Box } from '../boxes/box.ts';
import type { AnnotatedSet, Shape } from './annotated-set.ts';
import { brief } from './annotation-error.ts';
import { isFields, member, numberIn, textIn } from './json-fields.ts';
import { boxAround, boxAroundEllipse, type Point } from './shape-boxes.ts';

/** A region as the VGG Image Annotator writes it, in JSON and in the cells of its CSV. */
export interface ViaRegion {
  readonly shape: unknown;
  readonly attributes: unknown;
}

/** Attributes that commonly hold the class of a region. */
const CLASS_NAMES = ['label', 'class', 'category', 'name', 'type', 'object', 'object_name', 'class_name'];

/**
 * The attribute that says what a region shows: the one that is asked for, the only one, or the only one with a common
 * name; undefined where regions have none.
 * @param counted how many regions have each attribute
 * @throws HeadstartError `invalid-option`
 */
export function classAttribute(path: string, counted: ReadonlyMap<string, number>, asked?: string): string | undefined {
  const names = [...counted.keys()].sort(byCodeUnit);
  const common = names.filter((name) => CLASS_NAMES.includes(name.toLowerCase()));
  if (asked === undefined && names.length <= 1) return names[0];
  if (asked === undefined && common.length === 1) return common[0];
  if (asked !== undefined && counted.has(asked)) return asked;
  throw new HeadstartError({
    code: 'invalid-option',
    message:
      asked === undefined
        ? `${path}: its regions have several attributes, and which of them is the class is not clear: ${names.slice(0, 20).map(brief).join(', ')}.`
        : `${path}: no region has the attribute "${asked}".`,
    hint: `Name the attribute with the reader option attribute=<name>${names.length > 0 ? `, one of ${names.slice(0, 20).map(brief).join(', ')}` : ''}.`,
  });
}

/** Counts the attributes of a region that are not empty. */
export function countAttributes({ attributes }: ViaRegion, counted: Map<string, number>): void {
  if (!isFields(attributes)) return;
  for (const name of Object.keys(attributes))
    if (valuesOf(attributes[name]).length > 0) counted.set(name, (counted.get(name) ?? 0) + 1);
}

/** Adds a region to its picture: one object for each value of the class attribute (a region may have several boxes ticked). */
export function addRegion(
  set: AnnotatedSet,
  picture: number,
  { shape, attributes }: ViaRegion,
  number: number,
  attribute: string | undefined,
): void {
  const kind = textIn(member(shape, 'name')) ?? 'none';
  const found = boxOfRegion(kind, shape);
  if (!found)
    return set.passOver(`regions of the kind "${brief(kind)}", which have no box`, set.placeOf(picture, number));
  const labels = attribute === undefined ? [] : valuesOf(member(attributes, attribute));
  for (const label of labels.length > 0 ? labels : [undefined]) set.addObject(picture, { label, number, ...found });
}

/** An attribute's values: a text, or the options of a checkbox that are ticked. */
function valuesOf(value: unknown): string[] {
  if (isFields(value)) return Object.keys(value).filter((name) => name.trim() !== '' && value[name] === true);
  const text = typeof value === 'number' ? String(value) : textIn(value);
  return text === undefined ? [] : [text];
}

/** The box of a region; undefined for points, lines and what is not known. */
function boxOfRegion(kind: string, shape: unknown): { box: Box; shape: Shape } | undefined {
  const number = (name: string) => numberIn(member(shape, name));
  switch (kind) {
    case 'rect':
      return { box: [number('x'), number('y'), number('width'), number('height')], shape: 'box' };
    case 'circle':
      return { box: boxAroundEllipse([number('cx'), number('cy')], [number('r'), number('r')]), shape: 'outline' };
    case 'ellipse': {
      const degrees = member(shape, 'theta') === undefined ? 0 : (number('theta') * 180) / Math.PI;
      const box = boxAroundEllipse([number('cx'), number('cy')], [number('rx'), number('ry')], degrees);
      return { box, shape: 'outline' };
    }
    case 'polygon':
      return {
        box: boxAround(outline(member(shape, 'all_points_x'), member(shape, 'all_points_y'))),
        shape: 'outline',
      };
    default:
      return undefined;
  }
}

function outline(xs: unknown, ys: unknown): Point[] {
  if (!Array.isArray(xs) || !Array.isArray(ys) || xs.length !== ys.length) return [[NaN, NaN]];
  return xs.map((x: unknown, i): Point => [numberIn(x), numberIn(ys[i])]);
}
