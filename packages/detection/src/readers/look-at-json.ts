import { basename } from 'node:path';
import { openToRead } from '@headstart/artifacts/storage';

/**
 * What a JSON file is, as far as readers of boxes care: a `coco` file; a COCO file of a task without boxes, `other-task`
 * (captions) or of pictures alone, `pictures-only`; boxes in a form that is not COCO's, `not-coco`, with its name; or
 * something else.
 */
export type JsonLook =
  | { readonly kind: 'coco' | 'pictures-only' | 'other-task' | 'other' }
  | { readonly kind: 'not-coco'; readonly form: string; readonly remedy: string };

/** So much of a file is looked at; a smaller one is read whole. */
const HEAD = 64 * 1024;

const LINES = {
  kind: 'not-coco',
  form: 'JSON Lines (one object on each line)',
  remedy: 'Write one JSON object with the lists "images", "annotations" and "categories".',
} as const;
const BARE_LIST = {
  kind: 'not-coco',
  form: 'a bare list of annotations without images and categories',
  remedy: 'Write one JSON object with the lists "images", "annotations" and "categories".',
} as const;
const FIFTY_ONE = {
  kind: 'not-coco',
  form: 'labels of a FiftyOne image detection data set',
  remedy: 'Export the data set again as fo.types.COCODetectionDataset or fo.types.YOLOv5Dataset.',
} as const;
/** The look of what should be COCO and is no JSON: reading it says where it breaks off. */
export const NOT_JSON = {
  kind: 'not-coco',
  form: 'text that is not valid JSON (it may have been cut off)',
  remedy: 'Write the file again.',
} as const;

const NO_LIST = {
  kind: 'not-coco',
  form: 'a COCO file whose "annotations" are not a list',
  remedy: 'Write one JSON object with the lists "images", "annotations" and "categories".',
} as const;

/** What exporters call COCO files: one of them that is cut off at its beginning is known by its name alone. */
const COCO_NAME = /^(_?annotations?|instances|coco)\b|^instances_|[._]coco\.json$/i;

/** Looks at the beginning of a JSON file. */
export async function lookAtJson(path: string): Promise<JsonLook> {
  let text: string;
  let whole: boolean;
  try {
    await using file = await openToRead(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    text = buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\uFEFF/, '')
      .trimStart();
    whole = bytesRead < HEAD;
  } catch {
    return { kind: 'other' }; // reading gives the reason
  }
  return whole ? lookAtWhole(text, COCO_NAME.test(basename(path))) : lookAtHead(text);
}

function lookAtWhole(text: string, called: boolean): JsonLook {
  const value = parsed(text);
  if (value === undefined) {
    if (isLines(text)) return saysBoxes(text) ? LINES : { kind: 'other' };
    return called || saysBoxes(text) || LISTS.test(text) ? NOT_JSON : { kind: 'other' };
  }
  if (Array.isArray(value)) return isBox((value as unknown[])[0]) ? BARE_LIST : { kind: 'other' };
  if (!isFields(value)) return { kind: 'other' };
  const { images, annotations, categories, classes, labels } = value;
  if (Array.isArray(images) && isFields(images[0] ?? {})) {
    if (annotations === undefined) {
      const listed = images.length === 0 ? called : 'file_name' in (images[0] as object);
      return { kind: listed || Array.isArray(categories) ? 'pictures-only' : 'other' };
    }
    if (!Array.isArray(annotations)) return NO_LIST;
    const first: unknown = annotations[0];
    return { kind: isFields(first) && 'caption' in first && !('bbox' in first) ? 'other-task' : 'coco' };
  }
  if (Array.isArray(classes) && isFields(labels)) return FIFTY_ONE;
  return isFields(value) && isBox(value) ? LINES : { kind: 'other' };
}

/** What cannot be read whole is told by what it begins with. */
function lookAtHead(text: string): JsonLook {
  if (text.startsWith('{')) {
    if (isLines(text)) return saysBoxes(text) ? LINES : { kind: 'other' };
    if (/^\{\s*"classes"\s*:\s*\[/.test(text) && /"(labels|bounding_box)"\s*:/.test(text)) return FIFTY_ONE;
    if (!LISTS.test(text)) return { kind: 'other' };
    return { kind: /"caption"\s*:/.test(text) && !/"bbox"\s*:/.test(text) ? 'other-task' : 'coco' };
  }
  return /^\[\s*\{[^{}]*"(image_id|bbox)"\s*:/.test(text) ? BARE_LIST : { kind: 'other' };
}

/** Whether the first two lines are objects of their own. */
function isLines(text: string): boolean {
  const [first, second] = text.split('\n', 2);
  return second !== undefined && isFields(parsed(first!)) && second.trimStart().startsWith('{');
}

const LISTS = /"(images|annotations|categories)"\s*:\s*\[/;
const saysBoxes = (text: string) => /"(bbox|image_id|category_id|file_name)"\s*:/.test(text);
const isBox = (value: unknown) => isFields(value) && 'bbox' in value && 'image_id' in value;

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/\bNaN\b|-?\bInfinity\b/g, '0'));
  } catch {
    return undefined;
  }
}
