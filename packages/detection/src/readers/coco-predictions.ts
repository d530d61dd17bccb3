import { shown } from '@headstart/artifacts/errors';
import { BoxTable } from './box-table.ts';
import { annotationError } from '../annotations/annotation-error.ts';
import { boxIn, type CocoDocument } from './coco-document.ts';
import { idOf, keyOf, type Id } from './ids.ts';
import { jsonItems } from './json-items.ts';

export interface CocoPredictions {
  /** Rows refer to the truth's images and categories by their place; the number is the score. */
  readonly boxes: BoxTable;
  /** Categories that the truth does not have, with how many detections were passed over for that. */
  readonly unknownCategories: ReadonlyMap<Id, number>;
}

/**
 * Reads detections as COCO has them: a list of `{image_id, category_id, bbox, score}`. Detections of
 * categories that the truth lacks are passed over, as COCO's evaluator does, and counted.
 *
 * @throws HeadstartError `target-not-found`, `target-unreadable` with the place of what is wrong
 */
export async function readCocoPredictions(path: string, truth: CocoDocument): Promise<CocoPredictions> {
  const images = new Map(truth.images.map(({ id }, place) => [keyOf(id), place]));
  const categories = new Map(truth.categories.map(({ id }, place) => [keyOf(id), place]));
  const boxes = new BoxTable();
  const unknownCategories = new Map<Id, number>();
  for await (const { key, index, value } of jsonItems(path)) {
    if (key !== '' || index === undefined)
      throw annotationError(
        path,
        'it is not a list of detections',
        'Give a JSON list of {"image_id", "category_id", "bbox", "score"}.',
      );
    const wrong = (why: string, hint: string) => annotationError(path, `detection ${index} ${why}`, hint);
    const fields = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
    const [image, category] = [idOf(fields['image_id']), idOf(fields['category_id'])];
    if (image === undefined || category === undefined)
      throw wrong(
        `has no ${image === undefined ? 'image_id' : 'category_id'}`,
        'Say to which image it belongs and what it shows.',
      );
    const picture = images.get(keyOf(image));
    if (picture === undefined)
      throw wrong(
        `belongs to image ${shown(image)}, which ${truth.path} does not list`,
        'Score detections on the images they were made for.',
      );
    const { score } = fields;
    if (typeof score !== 'number' || !Number.isFinite(score))
      throw wrong(`has the score ${shown(score)}`, 'Give a finite number.');
    const box = boxIn(fields['bbox']);
    if (!box || box[2] < 0 || box[3] < 0) {
      throw wrong(
        `has the bbox ${shown(fields['bbox'] ?? null).replaceAll('"', '')}`,
        'Give [x, y, width, height] in pixels, with a width and height of 0 or more.',
      );
    }
    const place = categories.get(keyOf(category));
    if (place === undefined) unknownCategories.set(category, (unknownCategories.get(category) ?? 0) + 1);
    else boxes.add({ picture, category: place, box, number: score });
  }
  return { boxes, unknownCategories };
}
