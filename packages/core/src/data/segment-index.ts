import { crc32 } from 'node:zlib';
import { checksum } from '@headstart/artifacts/storage';

/** Whose rows a segment holds, in their order (`LEFT_OUT` for nobody's), and the CRC-32 of the bytes of each. */
export interface SegmentIndex {
  readonly digests: readonly string[];
  readonly checksums: Uint32Array;
}

/** In the place of a digest: the row was damaged, and is nobody's. */
export const LEFT_OUT = '';

/**
 * @param rows the bytes of all rows, one after another, cut anywhere
 * @param bytes of a row
 */
export function indexOf(digests: readonly string[], rows: readonly Buffer[], bytes: number): SegmentIndex {
  const checksums = new Uint32Array(digests.length);
  let row = 0;
  let filled = 0;
  for (const chunk of rows) {
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + bytes - filled);
      checksums[row] = crc32(chunk.subarray(at, end), checksums[row]);
      filled += end - at;
      at = end;
      if (filled === bytes) [row, filled] = [row + 1, 0];
    }
  }
  return { digests, checksums };
}

/** The index as a file holds it, with a checksum of its own. */
export function indexText({ digests, checksums }: SegmentIndex): string {
  const index = JSON.stringify({ digests, checksums: [...checksums] });
  return `{"crc32":"${checksum(index)}","index":${index}}`;
}

/** Undefined where the text is not as `indexText` made it. */
export function parseIndex(text: string): SegmentIndex | undefined {
  const [, stated, index] = /^\{"crc32":"([0-9a-f]{8})","index":(.*)\}$/s.exec(text) ?? [];
  if (index === undefined || checksum(index) !== stated) return undefined;
  const { digests, checksums } = JSON.parse(index) as { digests: string[]; checksums: number[] };
  return { digests, checksums: Uint32Array.from(checksums) };
}

/** The file of a segment's index. */
export function indexName(data: string): string {
  return data.replace(/\.bin$/, '.json');
}
