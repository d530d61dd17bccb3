import { extname } from 'node:path';

/** A picture's name as that of the mask of another: `1_mask`, `1-segmentation`, `1_mask_2`. */
const MASK = /^(.+)[-_ ](?:masks?|segmentations?|seg|labels?|gt)(?:[-_ ]?\d+)?$/i;
/** From this share of pictures with a mask on, the masks are the data set's and no pictures of their own. */
const MASKED_SHARE = 0.5;

/** Which of pictures are masks of others beside them, by their names, where most pictures have one; none elsewhere. */
export function masksAmong(pictures: readonly string[]): string[] {
  const stems = new Set(pictures.map(withoutEnding));
  const masks = pictures.filter((file) => {
    const of = MASK.exec(withoutEnding(file))?.[1];
    return of !== undefined && stems.has(of);
  });
  return masks.length > 0 && masks.length >= MASKED_SHARE * (pictures.length - masks.length) ? masks : [];
}

const withoutEnding = (file: string) => file.slice(0, file.length - extname(file).length);
