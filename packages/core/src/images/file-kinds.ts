import { isLeftover } from '../folders/side-files.ts';
import { extname } from 'node:path';

const DECODED =
  '.jpg .jpeg .jpe .jfif .png .webp .gif .avif .tif .tiff .svg .vips .v .bmp .dib .ppm .pgm .pbm .pnm'.split(' ');
/** Pictures all the same, though a decoder for them is rare here: refused by their format's name, and not passed over. */
const RECOGNISED = '.heic .heif .hif .jp2 .j2k .jxl .tga .dcm .dicom .dng .cr2 .cr3 .nef .arw'.split(' ');
const IMAGE_EXTENSIONS = new Set([...DECODED, ...RECOGNISED]);

/** What lies beside pictures in published data sets and is none: notes, tables, what file managers leave. */
const SIDE_EXTENSIONS = new Set('.txt .md .rst .json .jsonl .csv .tsv .xml .yaml .yml .html .pdf'.split(' '));

/** Whether a name ends like a format of pictures that is read, or recognised and refused by its name. */
export function namesImage(name: string): boolean {
  return IMAGE_EXTENSIONS.has(extname(name).toLowerCase());
}

/** Whether a file or folder is passed over by name: hidden, a note, a table, a file manager's leftovers. */
export function isSideFile(name: string): boolean {
  return isLeftover(name) || SIDE_EXTENSIONS.has(extname(name).toLowerCase());
}
