import { HeadstartError, type Reader, type ReadOptions } from '@headstart/core';
import { tableFindings, tableNotes, type ReadingNotes } from '@headstart/core/readers';
import { basename, extname, resolve } from 'node:path';
import type { ImageSample } from '../images/image-sample.ts';
import { labelledPictures } from './labelled-pictures.ts';
import type { PictureColumns } from './picture-columns.ts';
import { detectPictureTables, pictureSources } from './picture-sources.ts';
import { RowPictures, type PictureSource } from './row-pictures.ts';
import { labelOptions } from './table-options.ts';
import { unlabelledLayout } from './unlabelled-layout.ts';

/**
 * A table of pictures and their labels in any format that `openTable` reads, or a folder with such a table, one for each
 * split, or one in each split's folder. Columns are found by what they hold and by name, or given: options `path-column`,
 * `label-column` (several columns of ones and zeros with commas between them), `weight-column` (what rows count in the loss), `group-column` (what they are parts of) and `split-column`; `TABLE_OPTIONS` say how
 * a table is taken apart. Paths count from the table's folder or from the option `root`; what names lack is `ending`. A
 * list in a cell is several labels, `label-separator` takes other cells apart; `labels-per-picture=several` takes rows that
 * list a picture with other labels for further labels.
 */
export const imageCsv: Reader<ImageSample> = {
  id: 'image-csv',
  modality: 'image',
  description: 'A table (CSV, TSV, JSON, Parquet, Excel) of pictures and their labels, or a folder with one',
  task: 'image-classification',
  detect: detectPictureTables,
  recognise: unlabelledLayout,

  async read(path, options) {
    const labels = labelOptions(options.options);
    const { sources, passedOver, warnings } = await pictureSources(path, options);
    const rows = new RowPictures({ ...labels, skipBad: options.skipBad, withoutLabels: options.withoutLabels });
    for (const source of sources) await addRows(source, rows, options);
    const pictures = rows.finish();
    const { skipped, unlabelled } = rows;
    if (pictures.length + skipped.length + unlabelled.length === 0) throw emptyTarget(path);
    const read = await labelledPictures(pictures, sources, { ...options, labels });
    const found = tableFindings(sources.map(({ table }) => table));
    const notes: ReadingNotes = {
      table: tableNotes(sources[0]!.table, rolesOf(sources[0]!.columns)),
      passedOver: [...passedOver, ...found.passedOver, ...rows.passedOver],
      warnings: [
        ...warnings,
        ...found.warnings,
        ...sources.flatMap(({ columns }) => columns.warnings),
        ...read.warnings,
      ],
    };
    const name = basename(resolve(path));
    return {
      id: basename(name, extname(name)),
      modality: 'image',
      reader: 'image-csv',
      labels: read.labels,
      samples: read.samples,
      skipped: [...skipped, ...read.skipped],
      unlabelled,
      notes,
    };
  },
};

async function addRows(source: PictureSource, rows: RowPictures, { progress }: ReadOptions): Promise<void> {
  const { picture, label, weight, group, split } = source.columns;
  const beside = [weight, group].filter((column) => column !== undefined);
  const bar = progress.start({ label: 'reading rows', unit: 'samples' });
  let done = 0;
  try {
    for await (const record of source.table.records([
      picture,
      ...label.indices,
      ...beside,
      ...(split?.indices ?? []),
    ])) {
      await rows.add(record, source);
      if (++done % 1000 === 0) bar.update(done);
    }
    bar.update(done);
  } finally {
    bar.end();
  }
}

/** What each column is taken for. */
function rolesOf({ picture, label, weight, group, split }: PictureColumns): ReadonlyMap<number, string> {
  return new Map([
    ...(split?.indices ?? []).map((index) => [index, 'split'] as const),
    ...label.indices.map((index) => [index, label.role] as const),
    ...(weight === undefined ? [] : [[weight, 'weight'] as const]),
    ...(group === undefined ? [] : [[group, 'group'] as const]),
    [picture, 'picture'],
  ]);
}

function emptyTarget(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `${path} lists no picture.`,
    hint: 'Give one line per picture: its path and its label.',
  });
}
