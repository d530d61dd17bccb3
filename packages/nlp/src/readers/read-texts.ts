import type { ReadOptions } from '@headstart/core';
import { readingOptions } from './reading-options.ts';
import { TextRows, type ReadTexts, type TextSource } from './text-rows.ts';

/**
 * Reads tables' rows one by one into samples; with `skipBad`, rows without a text that can be used are left out and
 * listed.
 * @throws HeadstartError `sample-unreadable` for the first row without such a text; `label-invalid`
 */
export async function readTexts(
  sources: readonly TextSource[],
  { skipBad, withoutLabels, progress, options }: ReadOptions,
): Promise<ReadTexts> {
  const rows = new TextRows({ ...readingOptions(options), skipBad, withoutLabels });
  const bar = progress.start({ label: 'reading texts', unit: 'samples' });
  try {
    let read = 0;
    for (const source of sources) {
      rows.startFile(source.name);
      for await (const record of source.table.records(columnsRead(source))) {
        rows.add(record, source);
        if (++read % 1000 === 0) bar.update(read);
      }
    }
    bar.update(read);
    return rows.finish();
  } finally {
    bar.end();
  }
}

/** The columns that are needed: others are not decoded, and may be broken. */
function columnsRead({ columns: { text, pair, label, score, weight, group, split } }: TextSource): number[] {
  const indices = [text, pair, score, weight, group, ...(label?.indices ?? []), ...(split?.indices ?? [])];
  return indices.filter((index) => index !== undefined);
}
