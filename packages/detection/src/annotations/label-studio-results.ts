import type { Box } from '../boxes/box.ts';
import type { AnnotatedSet, Shape } from './annotated-set.ts';
import { annotationError, brief, shown } from './annotation-error.ts';
import { member, numberIn, textIn } from './json-fields.ts';
import { boxAround, boxAroundEllipse, boxAroundTurned, type Point } from './shape-boxes.ts';

/**
 * The regions of one annotation as Label Studio writes them (https://labelstud.io/guide/export): boxes in percent of the
 * picture, turned about their top left corner. A region and its labels may be two results of one id.
 */
export function addResults(set: AnnotatedSet, picture: number, results: readonly unknown[]): void {
  const labels = new Map<unknown, string[]>();
  for (const result of results) {
    const id = member(result, 'id');
    if (id !== undefined) labels.set(id, [...(labels.get(id) ?? []), ...labelsIn(valueOf(result))]);
  }
  const drawn = new Set<unknown>();
  results.forEach((result, i) => {
    const id = member(result, 'id');
    if (id !== undefined && drawn.has(id)) return; // the labels of a region that was added
    const place = set.placeOf(picture, i + 1);
    const kind = textIn(member(result, 'type')) ?? kindOf(valueOf(result));
    const found = boxOfResult(kind, result, place);
    if (kind.startsWith('brush') && !set.conventions.boxesOnly) {
      throw annotationError(
        place,
        'it is a brush mask, whose box the export does not give',
        'Export the project as COCO, or leave masks out with the reader option shapes=boxes.',
      );
    }
    if (!found) {
      if (!/^(choices|labels|textarea|number|rating|taxonomy|pairwise)$/.test(kind) || id === undefined)
        set.passOver(`results of the kind "${brief(kind)}", which have no box`, place);
      return;
    }
    drawn.add(id ?? result);
    const names = id === undefined ? labelsIn(valueOf(result)) : [...new Set(labels.get(id))];
    for (const label of names.length > 0 ? names : [undefined])
      set.addObject(picture, { label, number: i + 1, ...found });
  });
}

/** JSON-MIN and CSV have the members of `value` in the result itself. */
const valueOf = (result: unknown) => member(result, 'value') ?? result;

function kindOf(value: unknown): string {
  return (
    ['rectanglelabels', 'polygonlabels', 'ellipselabels', 'brushlabels', 'keypointlabels'].find(
      (name) => member(value, name) !== undefined,
    ) ?? 'unknown'
  );
}

/** The names in `rectanglelabels`, `labels` and their like. */
function labelsIn(value: unknown): string[] {
  return ['rectanglelabels', 'polygonlabels', 'ellipselabels', 'labels', 'choices'].flatMap((name) => {
    const names = member(value, name);
    return Array.isArray(names) ? names.flatMap((label: unknown) => textIn(label) ?? []) : [];
  });
}

/** The box of a result, in shares of the picture; undefined for what is not drawn around something. */
function boxOfResult(kind: string, result: unknown, place: string): { box: Box; shape: Shape } | undefined {
  const value = valueOf(result);
  const share = (name: string) => numberIn(member(value, name)) / 100;
  switch (kind.replace(/labels$/, '')) {
    case 'rectangle': {
      const box: Box = [share('x'), share('y'), share('width'), share('height')];
      return turned(box, result, place) ?? { box, shape: 'box' };
    }
    case 'ellipse': {
      const box = boxAroundEllipse([share('x'), share('y')], [share('radiusX'), share('radiusY')]);
      return { box, shape: 'outline' };
    }
    case 'polygon': {
      const points = member(value, 'points');
      return { box: boxAround(Array.isArray(points) ? points.map(shareIn) : []), shape: 'outline' };
    }
    default:
      return undefined;
  }
}

function shareIn(point: unknown): Point {
  return Array.isArray(point) ? [numberIn(point[0]) / 100, numberIn(point[1]) / 100] : [NaN, NaN];
}

/** The box around one that is turned, for which the picture's proportions count; undefined where it is not. */
function turned(box: Box, result: unknown, place: string): { box: Box; shape: Shape } | undefined {
  const rotation = member(valueOf(result), 'rotation');
  if (rotation === undefined || rotation === null || rotation === 0) return undefined;
  const degrees = numberIn(rotation);
  const of = (name: string) => numberIn(member(result, name) ?? member(valueOf(result), name));
  const [width, height] = [of('original_width'), of('original_height')];
  if (!Number.isFinite(degrees) || !(width > 0 && height > 0)) {
    throw annotationError(
      place,
      `it is turned by ${shown(rotation)} in a picture of ${shown(width)} x ${shown(height)} pixels`,
      'Give degrees, and original_width and original_height, or draw the box upright.',
    );
  }
  const pixels: Box = [box[0] * width, box[1] * height, box[2] * width, box[3] * height];
  const [x, y, w, h] = boxAroundTurned(pixels, degrees, [pixels[0], pixels[1]]);
  return { box: [x / width, y / height, w / width, h / height], shape: 'turned box' };
}
