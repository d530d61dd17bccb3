import { HeadstartError } from '@headstart/artifacts/errors';

/** Formats that tables are in and that are not read, by their first bytes as Latin-1. */
const FORMATS: readonly (readonly [begins: RegExp, name: string, hint: string])[] = [
  [
    /^ARROW1|^\xff{4}..\0\0/s,
    'an Arrow (Feather) file',
    'Save it as Parquet: with datasets, load_from_disk(folder).to_parquet("data.parquet"); with pandas, read_feather(path).to_parquet("data.parquet").',
  ],
  [/^FEA1/, 'a Feather file', 'Save it as Parquet: in pandas, read_feather(path).to_parquet("data.parquet").'],
  [
    /^\x80[\x02-\x05]/,
    'a pickle',
    'A pickle can run any program when it is read, so it is not. Save it as Parquet: in pandas, read_pickle(path).to_parquet("data.parquet").',
  ],
  [
    /^SQLite format 3\0/,
    'an SQLite database',
    'Save the table as CSV: sqlite3 -header -csv data.db "select * from samples" > data.csv',
  ],
  [/^%PDF-/, 'a PDF document', 'Copy its table into a spreadsheet and save that as CSV.'],
  [/^ORC/, 'an ORC file', 'Save it as Parquet: in pandas, read_orc(path).to_parquet("data.parquet").'],
  [/^Obj\x01/, 'an Avro file', 'Save it as Parquet or as JSON lines.'],
  [/^\x89HDF/, 'an HDF5 file', 'Save it as Parquet: in pandas, read_hdf(path).to_parquet("data.parquet").'],
  [/^\x93NUMPY/, 'a NumPy array', 'Save a table of texts or pictures with their labels as CSV.'],
  [/^BZh\d/, 'packed with bzip2', 'Unpack it: bunzip2 file.bz2'],
  [/^\xfd7zXZ\0/, 'packed with xz', 'Unpack it: unxz file.xz'],
  [/^\x28\xb5\x2f\xfd/, 'packed with Zstandard', 'Unpack it: unzstd file.zst'],
  [/^\x1f\x8b\x08/, 'packed with gzip twice', 'Unpack it twice: gunzip file.gz'],
  [/^7z\xbc\xaf/, 'a 7-Zip archive', 'Unpack it: 7z x file.7z'],
  [/^Rar!/, 'a RAR archive', 'Unpack it: unrar x file.rar'],
  [
    /^\xff\xd8\xff|^\x89PNG|^GIF8|^RIFF....WEBP|^II\*\0|^MM\0\*/s,
    'a picture',
    'Give a table of pictures and their classes, or a folder with a folder for each class.',
  ],
  [/^\{\\rtf/, 'a Rich Text document', 'Copy its table into a spreadsheet and save that as CSV.'],
  [
    /^\s*<(?:!doctype html|html|table|meta)\b/i,
    'a web page',
    'Download the file itself: a page in its place often asks to log in, or shows the file. A table that was exported as one is opened in a spreadsheet and saved as .xlsx or CSV.',
  ],
  [
    /^(?:\xef\xbb\xbf)?<\?xml[^>]*\?>\s*<\?mso-application/,
    'an Excel workbook in XML of 2003',
    'Open it and save it as .xlsx or as CSV UTF-8.',
  ],
  [/^version https:\/\/git-lfs/, 'a pointer of Git LFS, not the file itself', 'Fetch the file: git lfs pull'],
];

/**
 * Makes sure that a file is in none of the formats that are known and not read.
 * @throws HeadstartError `target-unreadable`, by the format's name
 */
export function refuseForeign(path: string, head: Buffer): void {
  const bytes = head.toString('latin1', 0, 512);
  if (bytes.slice(257, 262) === 'ustar') throw foreign(path, 'a tar archive', 'Unpack it: tar xf file.tar');
  if (isCompoundFile(head)) throw compoundFile(path, head);
  const known = FORMATS.find(([begins]) => begins.test(bytes));
  if (known) throw foreign(path, known[1], known[2]);
}

/** Microsoft's container of before 2007, also of encrypted workbooks. */
function isCompoundFile(head: Buffer): boolean {
  return head.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
}

function compoundFile(path: string, head: Buffer): HeadstartError {
  const holds = (name: string) => head.includes(Buffer.from(name, 'utf16le'));
  if (holds('EncryptedPackage') || /\.xlsx$/i.test(path))
    return foreign(
      path,
      'an Excel workbook with a password',
      'Open it, remove the password (File, Info, Protect Workbook), and save it.',
    );
  if (holds('WordDocument'))
    return foreign(path, 'a Word document', 'Copy its table into a spreadsheet and save that as CSV.');
  return foreign(path, 'an Excel workbook of before 2007 (.xls)', 'Open it and save it as .xlsx or as CSV UTF-8.');
}

/** The error for a format that is known and not read. */
export function foreign(path: string, name: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'target-unreadable', message: `${path} is ${name}, which is not read.`, hint });
}
