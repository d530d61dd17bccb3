import type { NearLayout } from './annotation-reader.ts';

const COCO = 'Export the annotations as COCO (or CVAT for images, Pascal VOC, YOLO) with their pictures.';

const json = (what: string, shows: NearLayout['shows'], hint = COCO, more: readonly string[] = []): NearLayout => ({
  what,
  hint,
  endings: ['.json', ...more],
  shows: (head) => /^\s*[[{]/.test(head) && shows(head),
});

/** XML that CVAT writes of videos. */
export const UNREAD_XML: readonly NearLayout[] = [
  {
    what: 'the tracks of "CVAT for video 1.1"',
    hint: 'Export the task as "CVAT for images 1.1" or "COCO 1.0", with "save images".',
    endings: ['.xml'],
    shows: (head) =>
      /<annotations[\s>]/.test(head) && /<track\s|<mode>interpolation</.test(head) && !/<image\s/.test(head),
  },
];

/** JSON of tools whose exports are not read. */
export const UNREAD_JSON: readonly NearLayout[] = [
  json(
    'a project of the VGG Image Annotator 3',
    (head) => /"project"\s*:\s*\{/.test(head) && /"metadata"\s*:\s*\{/.test(head) && /"(vid_list|view)"\s*:/.test(head),
    'Export it from VIA as COCO, or annotate with VIA 2.',
  ),
  json(
    'a VoTT project or export',
    (head) => /"assets"\s*:\s*\{/.test(head) && /"(regions|asset|tags)"\s*:/.test(head),
    'Export from VoTT as Pascal VOC or as CSV.',
    ['.vott'],
  ),
  json('Labelbox annotations', (head) => /"data_row"\s*:\s*\{|"Labeled Data"\s*:/.test(head), COCO, [
    '.ndjson',
    '.jsonl',
  ]),
  json('V7 Darwin annotations', (head) => /"annotations"\s*:\s*\[/.test(head) && /"bounding_box"\s*:\s*\{/.test(head)),
  json(
    'Datumaro annotations',
    (head) => /"categories"\s*:\s*\{/.test(head) && /"(items|infos|dm_format_version)"\s*:/.test(head),
  ),
  json('BDD100K or Scalabel annotations', (head) => /"box2d"\s*:\s*\{/.test(head)),
  json('SuperAnnotate annotations', (head) => /"instances"\s*:\s*\[/.test(head) && /"className"\s*:/.test(head)),
];

/** Tables and lists of boxes that are not read. */
export const UNREAD_TABLES: readonly NearLayout[] = [
  {
    what: 'TFRecord files',
    hint: COCO,
    endings: ['.tfrecord', '.tfrecords', '.record'],
    shows: () => true,
  },
  {
    what: 'an AWS Ground Truth manifest',
    hint: COCO,
    endings: ['.manifest', '.jsonl', '.json'],
    shows: (head) => /^\s*\{[^\n]*"source-ref"\s*:/.test(head),
  },
  {
    what: "Google Vertex AI's import lines with boxes",
    hint: COCO,
    endings: ['.jsonl', '.ndjson', '.json'],
    shows: (head) => /"(imageGcsUri|image_gcs_uri)"\s*:/.test(head) && /"bounding_?box_?annotations"\s*:/i.test(head),
  },
  {
    what: 'the tracks of a MOT challenge',
    hint: COCO,
    endings: ['.txt'],
    shows: (head) => /^(?:\d+,){2}(?:-?[\d.]+,){4}-?[\d.]+,-?\d+(?:,-?[\d.]+)+\r?\n\d+,/.test(head),
  },
  {
    what: 'lists of pictures with boxes as keras-yolo3 has them (a.jpg left,top,right,bottom,class)',
    hint: COCO,
    endings: ['.txt'],
    shows: (head) => /^\S[^\n]*\.(?:jpe?g|png|bmp|webp) (?:-?\d+,){4}\d+(?:\s|$)/i.test(head),
  },
  {
    what: 'the boxes of WIDER FACE',
    hint: COCO,
    endings: ['.txt'],
    shows: (head) => /^[^\n]+\.jpe?g\s*\r?\n\d+\s*\r?\n(?:-?\d+ ){9}-?\d/i.test(head),
  },
];
