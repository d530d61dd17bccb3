import { splitNamed } from '../folders/split-names.ts';

const ANNOTATIONS =
  'labels?|masks?|annotations?|annots?|ground[-_ ]?truths?|gt|segmentations?|segmentation(?:class|object)';
const NAMED_FOR_ANNOTATIONS = new RegExp(`^(?:${ANNOTATIONS})$`, 'i');
const WITH_ANNOTATIONS = new RegExp(`^(.+?)[-_ ](?:${ANNOTATIONS})$`, 'i');
const NAMED_FOR_PICTURES = /^(?:images?|imgs?|pictures?|photos?|jpegimages|originals?|rgb|inputs?)$/i;

/**
 * Which of the folders beside one another hold annotations of what lies in the others, by their names: `masks` or `labels`
 * beside `images`, `train_masks` beside `train`. Classes such as `mask` and `no mask` are none.
 */
export function annotationFolders(names: readonly string[]): string[] {
  const pictures = names.filter((name) => NAMED_FOR_PICTURES.test(name) || splitNamed(name) !== undefined);
  const beside = names.some((name) => NAMED_FOR_PICTURES.test(name));
  return names.filter((name) => {
    if (beside && NAMED_FOR_ANNOTATIONS.test(name)) return true;
    const of = WITH_ANNOTATIONS.exec(name)?.[1];
    return of !== undefined && pictures.some((picture) => picture.toLowerCase() === of.toLowerCase());
  });
}
