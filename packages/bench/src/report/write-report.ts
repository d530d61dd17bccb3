import { dirname, join } from 'node:path';
import { ensureFolder, writeAtomic } from '@headstart/artifacts/storage';
import type { ItemReaders } from '@headstart/core/trials';
import { FolderStore } from '../records/folder-store.ts';
import { readResults } from '../results/bench-results.ts';
import { assembleReport } from './assemble-report.ts';
import { findSamples, type SampleSource } from './find-samples.ts';
import type { ReportData } from './report-data.ts';
import { reportFiles } from './report-files.ts';
import { reportPage } from './report-page.ts';

/** What a report needs of a composed `Headstart`. */
export type ReportReaders = ItemReaders & SampleSource;

/** A report as it was written. */
export interface WrittenReport {
  readonly data: ReportData;
  /** Paths of its files within the folder. */
  readonly files: readonly string[];
}

/**
 * Writes the report of the benchmark in a folder into it: `report.html`, `tables/` and `report.json`. The same records give
 * the same bytes.
 * @throws HeadstartError `target-not-found` where there is no benchmark, `record-invalid` for a record that is not as it was written, `storage-*`
 */
export async function writeReport(dir: string, headstart: ReportReaders): Promise<WrittenReport> {
  const data = await reportDataIn(dir, headstart);
  const files = await reportFiles(data);
  for (const [path, text] of files) {
    await ensureFolder(dirname(join(dir, path)));
    await writeAtomic(join(dir, path), text);
  }
  return { data, files: [...files.keys()] };
}

/** What the report of the benchmark in a folder shows. @throws HeadstartError as `writeReport` */
export async function reportDataIn(dir: string, headstart: ReportReaders): Promise<ReportData> {
  return assembleReport(await readResults(dir), {
    predictions: { store: new FolderStore(dir), readers: headstart },
    samples: (cells) => findSamples(cells, headstart),
  });
}

/** The page of the report alone, of what there is so far. @throws HeadstartError as `writeReport` */
export async function reportPageIn(dir: string, headstart: ReportReaders): Promise<string> {
  return reportPage(await reportDataIn(dir, headstart));
}
