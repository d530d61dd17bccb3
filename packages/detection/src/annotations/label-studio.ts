import { isJson } from './annotation-files.ts';
import { annotationReader, headIs } from './annotation-reader.ts';
import { readLabelStudioJson } from './label-studio-json.ts';
import { readLabelStudioCsv } from './label-studio-rows.ts';

/** Regions in JSON, or in a cell of CSV, where quotes are doubled. */
const REGIONS = /"(rectangle|polygon|ellipse)(labels)?"/;

/**
 * Label Studio's own exports of boxes: JSON, JSON-MIN and CSV. A picture that nobody has annotated is not labelled; one
 * whose annotation is empty is a negative.
 */
export const labelStudio = annotationReader({
  id: 'label-studio',
  description: 'Label Studio: its JSON, JSON-MIN or CSV of pictures with boxes, and the pictures',
  what: 'Label Studio',
  endings: ['.json', '.csv', '.tsv'],
  isOne: headIs((head) => REGIONS.test(head) && /"original_width"+\s*:/.test(head) && (isList(head) || isCsv(head))),
  noun: 'result',
  readFile: async (file, set, options) =>
    ((await isJson(file.path)) ? readLabelStudioJson : readLabelStudioCsv)(file, set, options),
});

const isList = (head: string) => /^\s*\[/.test(head);
const isCsv = (head: string) => /^[^\n]*\b(annotation_id|annotator|lead_time)\b/.test(head);
