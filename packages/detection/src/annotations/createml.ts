import { basename } from 'node:path';
import { jsonItems } from '../readers/json-items.ts';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, brief, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { annotationReader, headIs } from './annotation-reader.ts';
import { member, numberIn, textIn } from './json-fields.ts';

/**
 * Create ML's object detection (https://developer.apple.com/documentation/createml): a JSON list of pictures, each with
 * boxes by their middles. A picture with an empty list is a negative.
 */
export const createMl = annotationReader({
  id: 'createml',
  description: "Create ML's annotations: a JSON list of pictures with boxes by their middles, and the pictures",
  what: 'Create ML',
  endings: ['.json'],
  isOne: headIs(
    (head) => /^\s*\[/.test(head) && /"coordinates"\s*:\s*\{/.test(head) && /"image(filename)?"\s*:/.test(head),
  ),
  noun: 'annotation',
  readFile: readCreateMl,
});

async function readCreateMl({ path, split }: AnnotationFile, set: AnnotatedSet): Promise<void> {
  set.stateForm({ layout: 'centres', unit: 'pixels' }, path);
  for await (const { index, value } of jsonItems(path)) {
    if (index === undefined) throw annotationError(path, 'it is not a list of pictures', 'Export it again.');
    const file = textIn(member(value, 'image')) ?? textIn(member(value, 'imagefilename'));
    const place = `picture ${index + 1}`;
    if (file === undefined)
      throw annotationError(path, `${place} has no "image"`, 'Give every picture the name of its file.');
    const annotations = member(value, 'annotations') ?? member(value, 'annotation');
    const picture = set.addPicture({ source: path, file, place: `${place} (${brief(basename(file))})`, split });
    if (!Array.isArray(annotations)) {
      throw annotationError(
        path,
        `${place} (${brief(basename(file))}) has ${shown(annotations)} for "annotations"`,
        'Give a list, an empty one where nothing is to be found.',
      );
    }
    annotations.forEach((annotation: unknown, i) => {
      const coordinates = member(annotation, 'coordinates');
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => numberIn(member(coordinates, name)));
      set.addObject(picture, {
        label: textIn(member(annotation, 'label')),
        box: [x!, y!, width!, height!],
        number: i + 1,
      });
    });
  }
}
