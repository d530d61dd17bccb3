import { parquetHeader } from 'hyparquet/src/column.js';
import type { AsyncBuffer, ColumnMetaData } from 'hyparquet';
import { LARGEST_PAGE, OutgrowsMemory } from './codecs.ts';

/** A page's header has some hundred bytes, more where it holds long texts as its least and largest value. */
const HEADERS = [1024, 64 * 1024, 4 * 2 ** 20];
/** Values of one page: of a number that is the same throughout, as many fit into a few bytes. */
const MOST_VALUES = 5_000_000;
/** A column's part of a group of rows is read at once. */
const LARGEST_CHUNK = 2 ** 31;

/**
 * Goes through the headers of a column's pages before they are decoded: decoding makes room for what they state.
 * @throws Error where they state more than fits in memory, or go beyond the column
 */
export async function checkPages(bytes: AsyncBuffer, column: ColumnMetaData): Promise<void> {
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  const size = Number(column.total_compressed_size);
  if (size > LARGEST_CHUNK)
    throw new OutgrowsMemory(`a group of rows has ${Math.round(size / 2 ** 20)} MiB in a column`);
  const end = Math.min(start + size, bytes.byteLength);
  let values = 0;
  for (let at = start; at < end - 1; ) {
    const { header, length } = await headerAt(bytes, at, end);
    const { uncompressed_page_size: unpacked, compressed_page_size: packed } = header;
    if (unpacked > LARGEST_PAGE) throw new OutgrowsMemory(`a page unpacks to ${Math.round(unpacked / 2 ** 20)} MiB`);
    const page = header.data_page_header ?? header.data_page_header_v2;
    const count = (page ?? header.dictionary_page_header)?.num_values ?? 0;
    if (!(count >= 0 && count <= MOST_VALUES)) throw new OutgrowsMemory(`a page states ${count} values`);
    if (page) values += count;
    if (!(packed >= 0) || at + length + packed > end) throw new Error('a page goes beyond its column');
    at += length + packed;
  }
  if (values > Number(column.num_values))
    throw new Error('its pages have more values than its table of contents states');
}

async function headerAt(bytes: AsyncBuffer, at: number, end: number) {
  for (const size of HEADERS) {
    const reader = { view: new DataView(await bytes.slice(at, Math.min(at + size, end))), offset: 0 };
    try {
      return { header: parquetHeader(reader), length: reader.offset };
    } catch (cause) {
      if (!(cause instanceof RangeError) || at + size >= end) throw cause;
    }
  }
  throw new Error('the header of a page has several megabytes');
}
