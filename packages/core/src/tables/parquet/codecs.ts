import { snappyUncompress, type Compressors } from 'hyparquet';
import { decompress } from 'fzstd';
import * as zlib from 'node:zlib';

/** What a page may unpack to: writers make pages of some megabytes at most. */
export const LARGEST_PAGE = 256 * 2 ** 20;

/** Node has it from version 22.15 on. */
const zstd = (zlib as { zstdDecompressSync?: (bytes: Uint8Array, options: zlib.ZlibOptions) => Uint8Array })
  .zstdDecompressSync;

/** Unpacks pages of every codec that Parquet's writers use today, never to more than what the page states. */
export const compressors: Compressors = {
  SNAPPY(input, length) {
    const output = new Uint8Array(checked(length));
    snappyUncompress(input, output);
    return output;
  },
  GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: checked(length) }),
  BROTLI: (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: checked(length) }),
  ZSTD: (input, length) =>
    zstd ? zstd(input, { maxOutputLength: checked(length) }) : decompress(input, new Uint8Array(checked(length))),
};

/** Something in a file takes more memory than is given to it. */
export class OutgrowsMemory extends Error {}

/** A page of nothing is packed as well, and zlib takes no length of 0. */
function checked(length: number): number {
  if (length > LARGEST_PAGE) throw new OutgrowsMemory(`a page unpacks to ${Math.round(length / 2 ** 20)} MiB`);
  return Math.max(1, length);
}
