import { openToRead } from '@headstart/artifacts/storage';
import { basename, extname, relative, sep } from 'node:path';
import { filesBelow, isLeftover, listFolder, type RecognisedLayout } from '@headstart/core/readers';
import { annotationFolders, masksAmong, namesImage } from '@headstart/core/images';

/** So many files of a folder are looked at, and so many of each ending opened. */
const MOST_FILES = 5000;
const MOST_OPENED = 20;
/** So many bytes of a file are looked at. */
const HEAD = 2 ** 16;

/** What shows that a file says where things are in a picture, and how messages call it. */
const SIGNS: Readonly<Record<string, { readonly what: string; readonly shown: (head: string) => boolean }>> = {
  '.json': {
    what: 'boxes or outlines in JSON',
    shown: (head) => /"(?:bbox|bounding_?box(?:es)?|boundingBox|shapes|regions|\w+labels|exterior)"\s*:/.test(head),
  },
  '.xml': { what: 'boxes or outlines in XML', shown: (head) => /<(?:bndbox|xmin|polygon|box)\b/i.test(head) },
  '.txt': { what: 'boxes in text files', shown: isBoxRows },
};

const OBJECTS =
  'To have objects learned, export the boxes as COCO JSON, as YOLO with its data.yaml, or as Pascal VOC, and add @headstart/detection.';
const CLASSES = 'Masks are not learned. To have classes learned, put the pictures into one folder per class.';
const TWINS = 'Masks are not learned: move them out of the folders of the pictures.';

/**
 * Annotations beside pictures in class folders, which would otherwise be passed over: masks, by the names of folders;
 * boxes and outlines, by what the files say.
 */
export async function annotationSigns(path: string): Promise<RecognisedLayout | undefined> {
  const masks = await firstMask(path);
  if (masks !== undefined) return { layout: `masks beside the pictures (${masks})`, hint: CLASSES };
  const files = await filesByEnding(path);
  const pictures = new Set((files.get('') ?? []).map(stemOf));
  const [twin] = masksAmong(files.get('') ?? []);
  if (twin !== undefined) return { layout: `masks beside the pictures (${within(path, twin)})`, hint: TWINS };
  for (const [ending, { what, shown }] of Object.entries(SIGNS)) {
    const beside = files.get(ending) ?? [];
    const candidates = ending === '.txt' ? beside.filter((file) => pictures.has(stemOf(file))) : beside;
    for (const file of candidates.slice(0, MOST_OPENED)) {
      if (shown(await headOf(file))) return { layout: `${what} (${within(path, file)})`, hint: OBJECTS };
    }
  }
  return undefined;
}

/** The first picture in a folder of masks, in the folder or in one of its folders. */
async function firstMask(path: string): Promise<string | undefined> {
  const top = (await listFolder(path, isLeftover)).filter(({ folder }) => folder);
  const inner = await Promise.all(top.map((entry) => listFolder(entry.path, isLeftover)));
  for (const entries of [top, ...inner]) {
    const folders = entries.filter(({ folder }) => folder);
    const names = new Set(annotationFolders(folders.map(({ name }) => name)));
    for (const folder of folders.filter(({ name }) => names.has(name))) {
      for await (const { name, path: file } of filesBelow(folder.path, isLeftover)) {
        if (namesImage(name)) return within(path, file);
      }
    }
  }
  return undefined;
}

/** The first files below a folder by their endings in lower case, pictures under ''. */
async function filesByEnding(path: string): Promise<Map<string, string[]>> {
  const files = new Map<string, string[]>();
  let count = 0;
  for await (const { name, path: file } of filesBelow(path, isLeftover)) {
    const ending = namesImage(name) ? '' : extname(name).toLowerCase();
    const same = files.get(ending);
    if (same) same.push(file);
    else files.set(ending, [file]);
    if (++count === MOST_FILES) break;
  }
  return files;
}

/** The whole lines that a file begins with, or its only one; empty where it cannot be read. */
async function headOf(path: string): Promise<string> {
  try {
    await using file = await openToRead(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    return bytesRead < HEAD ? text : text.slice(0, text.lastIndexOf('\n') + 1) || text;
  } catch {
    return '';
  }
}

/** Whether every line is a class and at least four numbers, as YOLO and KITTI have them. */
function isBoxRows(head: string): boolean {
  const lines = head.split(/\r?\n/).filter((line) => line.trim() !== '');
  const number = '-?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d+)?';
  const row = new RegExp(`^\\s*\\S+(?:\\s+${number}){4,}\\s*$`, 'i');
  return lines.length > 0 && lines.every((line) => row.test(line));
}

const stemOf = (file: string) => basename(file, extname(file));
const within = (root: string, file: string) => relative(root, file).split(sep).join('/');
