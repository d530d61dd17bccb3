import { isJson } from './annotation-files.ts';
import { annotationReader, headIs } from './annotation-reader.ts';
import { readViaCsv } from './via-csv.ts';
import { readViaJson } from './via-json.ts';

/**
 * The VGG Image Annotator, versions 1 and 2: annotations or a project as JSON, or annotations as CSV. The class of a region is
 * one of its attributes, see `classAttribute`. A picture without regions is a negative.
 */
export const via = annotationReader({
  id: 'via',
  description: 'VGG Image Annotator: its JSON or CSV of pictures and regions, and the pictures',
  what: 'VIA',
  endings: ['.json', '.csv'],
  isOne: headIs((head) => isViaJson(head) || /^[^\n]*\bregion_shape_attributes\b/.test(head)),
  noun: 'region',
  readFile: async (file, set, options) => ((await isJson(file.path)) ? readViaJson : readViaCsv)(file, set, options),
});

const isViaJson = (head: string) =>
  /^\s*\{/.test(head) && /"(regions|_via_img_metadata)"\s*:/.test(head) && /"filename"\s*:/.test(head);
