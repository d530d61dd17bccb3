import { annotationReader } from './annotation-reader.ts';
import { readLabelStudioJson } from './label-studio-json.ts';

/**
 * Label Studio's own exports of boxes: JSON and JSON-MIN. A picture that nobody has annotated is not labelled; one whose
 * annotation is empty is a negative.
 */
export const labelStudio = annotationReader({
  id: 'label-studio',
  description: 'Label Studio: its JSON or JSON-MIN of pictures with boxes, and the pictures',
  what: 'Label Studio',
  endings: ['.json'],
  begins: (head) =>
    /^\s*\[/.test(head) && /"(rectangle|polygon|ellipse)(labels)?"/.test(head) && /"original_width"\s*:/.test(head),
  unit: 'fractions',
  noun: 'result',
  readFile: readLabelStudioJson,
});
