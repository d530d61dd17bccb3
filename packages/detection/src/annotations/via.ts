import { annotationReader } from './annotation-reader.ts';
import { readViaJson } from './via-json.ts';

/**
 * The VGG Image Annotator, versions 1 and 2: annotations or a project as JSON. The class of a region is one of its
 * attributes, see `classAttribute`. A picture without regions is a negative.
 */
export const via = annotationReader({
  id: 'via',
  description: 'VGG Image Annotator: its JSON of pictures and regions, and the pictures',
  what: 'VIA',
  endings: ['.json'],
  begins: (head) =>
    /^\s*\{/.test(head) && /"(regions|_via_img_metadata)"\s*:/.test(head) && /"filename"\s*:/.test(head),
  unit: 'pixels',
  noun: 'region',
  readFile: readViaJson,
});
