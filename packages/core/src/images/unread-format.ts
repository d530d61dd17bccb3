import { extname } from 'node:path';
import { skipHint } from '../domains/skip-hint.ts';

/** A format that a file is recognised as and that is not decoded here, or not by every build of the decoder. */
export interface UnreadFormat {
  /** With its article: "a HEIC picture". */
  readonly what: string;
  /** How to get on. */
  readonly hint: string;
  /** Builds of the decoder with further libraries read it: it is tried first. */
  readonly tried?: boolean;
}

const LEAVE_OUT = `or remove it; ${skipHint('it')}`;
const CONVERT = `Convert it to PNG or JPEG (ImageMagick: magick in.xyz out.png), ${LEAVE_OUT}`;
const HEIC = `Convert it to JPEG or PNG (macOS: sips -s format jpeg; elsewhere heif-convert or ImageMagick), ${LEAVE_OUT} A build of sharp with a HEVC decoder reads it, too.`;
const RAW = `Develop it to JPEG, PNG or TIFF with the camera's program, darktable or dcraw, ${LEAVE_OUT}`;
const DICOM = `Convert it to PNG with the window that shows what matters (dcmj2pnm, or pydicom in Python), ${LEAVE_OUT}`;
const NO_PICTURE = `Put the picture in its place, ${LEAVE_OUT}`;

const HEIC_BRANDS = new Set('heic heix hevc hevx heim heis hevm hevs'.split(' '));
const AVIF_BRANDS = new Set(['avif', 'avis']);
const FILM_BRANDS = /^(isom|iso[2-9]|mp4[12]|M4V |qt {2}|avc1|3gp.)$/;

/** Cameras' own formats that begin as a TIFF does: they are told by their names. */
const RAW_ENDINGS = new Set(
  '.dng .nef .nrw .arw .srf .sr2 .cr2 .pef .srw .rwl .3fr .erf .kdc .dcr .mef .mos'.split(' '),
);

/** What files of a format begin with, as Latin-1, in the order in which they are looked for. */
const BEGINNINGS: readonly (readonly [start: RegExp, format: UnreadFormat])[] = [
  [/^\0\0[\x01\x02]\0[^\0]/, { what: 'an ICO file of icons', hint: CONVERT }],
  [/^P7\s/, { what: 'a PAM picture', hint: CONVERT }],
  [/^(\0\0\0\x0cjP {2}\r\n|\xff\x4f\xff\x51)/, { what: 'a JPEG 2000 picture (JP2)', hint: CONVERT, tried: true }],
  [/^(\0\0\0\x0cJXL \r\n|\xff\x0a)/, { what: 'a JPEG XL picture', hint: CONVERT, tried: true }],
  [/^8BPS/, { what: 'a Photoshop document (PSD)', hint: CONVERT }],
  [/^gimp xcf/, { what: 'a GIMP document (XCF)', hint: CONVERT }],
  [/^\x0a[\x00-\x05]\x01[\x01\x02\x04\x08]/, { what: 'a PCX picture', hint: CONVERT }],
  [/^\x76\x2f\x31\x01/, { what: 'an OpenEXR picture', hint: CONVERT, tried: true }],
  [/^#\?(RADIANCE|RGBE)/, { what: 'a Radiance picture (HDR)', hint: CONVERT, tried: true }],
  [/^SIMPLE {2}=/, { what: 'a FITS picture', hint: CONVERT, tried: true }],
  [/^.{128}DICM/s, { what: 'a DICOM file', hint: DICOM }],
  [/^(II\*\0.{4}CR|FUJIFILMCCD-RAW|IIRO|IIRS|MMOR|IIU\0|FOVb)/s, { what: "a camera's raw photograph", hint: RAW }],
  [/^%PDF-/, { what: 'a PDF', hint: CONVERT, tried: true }],
  [
    /^version https:\/\/git-lfs/,
    {
      what: 'a pointer of Git LFS, not the picture itself',
      hint: `Fetch the pictures with git lfs pull, ${LEAVE_OUT}`,
    },
  ],
  [
    /^\s*<(!doctype html|html|head|body)[\s>]/i,
    { what: 'a web page (HTML), as a failed download leaves it', hint: `Download the picture again, ${LEAVE_OUT}` },
  ],
  [/^PK\x03\x04/, { what: 'a zip archive', hint: NO_PICTURE }],
  [/^\x1f\x8b/, { what: 'gzip-compressed data', hint: NO_PICTURE }],
];

/** The format of a file that is not decoded, by its bytes and, where these say too little, by its name. */
export function unreadFormat(bytes: Buffer, name: string): UnreadFormat | undefined {
  const start = bytes.toString('latin1', 0, 160);
  if (start.startsWith('ftyp', 4)) return byBrand(bytes);
  const ending = extname(name).toLowerCase();
  if (/^(II\*\0|MM\0\*)/.test(start) && RAW_ENDINGS.has(ending))
    return { what: "a camera's raw photograph", hint: RAW };
  const known = BEGINNINGS.find(([beginning]) => beginning.test(start))?.[1];
  if (known) return known;
  const targa = bytes.toString('latin1', Math.max(0, bytes.length - 18)).startsWith('TRUEVISION-XFILE.');
  return targa || isTarga(bytes, ending) ? { what: 'a Targa picture (TGA)', hint: CONVERT } : undefined;
}

/** A file of boxes (ISO/IEC 14496-12) by its brands: the main one, then those it is compatible with. */
function byBrand(bytes: Buffer): UnreadFormat | undefined {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  const brands = [bytes.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4));
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return undefined;
  if (brands.some((brand) => HEIC_BRANDS.has(brand))) return { what: 'a HEIC picture', hint: HEIC, tried: true };
  if (brands[0] === 'crx ') return { what: "a camera's raw photograph", hint: RAW };
  return FILM_BRANDS.test(brands[0]!)
    ? { what: 'a film, not a picture', hint: `Take pictures out of it (ffmpeg), ${LEAVE_OUT}` }
    : undefined;
}

/** A Targa file without its footer has no mark to know it by: the name has to say it, and the header to fit. */
function isTarga(bytes: Buffer, ending: string): boolean {
  return ending === '.tga' && bytes.length > 18 && bytes[1]! <= 1 && [1, 2, 3, 9, 10, 11].includes(bytes[2]!);
}
