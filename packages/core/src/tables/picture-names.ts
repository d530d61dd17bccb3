/** Endings of pictures, whether they can be decoded or not: what is told by them is what a table is about. */
const ENDING =
  /\.(?:jpe?g|jpe|jfif|png|webp|gif|avif|tiff?|svg|hei[cf]|bmp|dib|p[bgpn]m|pnm|jp2|j2k|jxl|tga|ico|dcm|dicom|exr|hdr|raw|cr2|nef|arw|dng|nii)$/i;
/** What may follow a file's name in an address. */
const AFTER = /[?#].*$/s;
const ADDRESS = /^(?:https?|s3|gs|gcs|hf|azure|wasbs?|abfss?|ftp|file|data):/i;

/** Whether a name ends like a picture's, a query string left aside. */
export function endsLikePicture(name: string): boolean {
  const cell = name.trim();
  return ENDING.test(cell) || ENDING.test(cell.replace(AFTER, ''));
}

/**
 * Whether a cell is the name of a picture's file or its address, and no sentence that ends with one ("it does not work, see
 * screenshot.png"): file names have few blanks and no punctuation before them.
 */
export function namesPicture(cell: string): boolean {
  const name = cell.trim();
  if (!endsLikePicture(name) || /[\r\n]/.test(name)) return false;
  const blanks = name.match(/\s/g)?.length ?? 0;
  return blanks === 0 || (blanks <= 3 && !/[,;:!?]\s/.test(name));
}

/** Whether a cell is an address: of the web, of a bucket. */
export function isAddress(cell: string): boolean {
  return ADDRESS.test(cell.trim());
}
