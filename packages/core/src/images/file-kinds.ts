import { isLeftover } from '../folders/side-files.ts';
import { extname } from 'node:path';

const IMAGE_EXTENSIONS = new Set(
  '.jpg .jpeg .jpe .jfif .png .webp .gif .avif .tif .tiff .svg .heic .heif .vips .v'.split(' '),
);

/** What lies beside pictures in published data sets and is none: notes, tables, what file managers leave. */
const SIDE_EXTENSIONS = new Set('.txt .md .rst .json .jsonl .csv .tsv .xml .yaml .yml .html .pdf'.split(' '));

/** Whether a name ends like a format that sharp reads. */
export function namesImage(name: string): boolean {
  return IMAGE_EXTENSIONS.has(extname(name).toLowerCase());
}

/** Whether a file or folder is passed over by name: hidden, a note, a table, a file manager's leftovers. */
export function isSideFile(name: string): boolean {
  return isLeftover(name) || SIDE_EXTENSIONS.has(extname(name).toLowerCase());
}
