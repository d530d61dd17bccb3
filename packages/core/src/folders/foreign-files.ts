import { extname } from 'node:path';

/** Endings of files that are surely neither a picture nor a recording nor a plain text, kind by kind. */
const FOREIGN = new Set(
  [
    // films and subtitles
    'mov mp4 m4v avi mkv webm wmv flv 3gp mts m2ts mpg mpeg vob lrv srt vtt',
    // what cameras, phones and editors keep beside a picture
    'aae thm xmp pp3 dop modd moff ctg lrtemplate',
    // archives and disk images
    'zip tar tgz gz bz2 xz zst 7z rar iso dmg',
    // office documents
    'doc docx xls xlsx xlsm ppt pptx odt ods odp rtf epub pages numbers key',
    // programs, notebooks and what they write
    'py pyc pyo ipynb js mjs cjs ts sh bash bat cmd ps1 exe dll so dylib jar java class c cc cpp h hpp cs go rs php rb r rmd m',
    'css ini cfg conf toml lock log bak orig swp tmp old db sqlite sqlite3 cache lnk url webloc torrent iml nfo',
    // numbers and weights
    'bin npy npz pkl pickle joblib h5 hdf5 mat tfrecord tfrecords record parquet arrow feather pt pth ckpt onnx pb tflite safetensors feat vocab',
    // downloads that broke off, checksums
    'crdownload part partial download opdownload md5 sha1 sha256 sfv',
  ]
    .join(' ')
    .split(' '),
);

/** Whether a name ends like a file that is surely of another kind: a film, an archive, a program, a document. */
export function isForeignFile(name: string): boolean {
  return FOREIGN.has(extname(name).slice(1).toLowerCase());
}
