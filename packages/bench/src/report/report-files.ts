import { createHash } from 'node:crypto';
import { recordsOf } from './records-digest.ts';
import type { ReportData } from './report-data.ts';
import { reportPage } from './report-page.ts';
import { csvTable } from './tables/csv.ts';
import { latexTable } from './tables/latex.ts';
import { markdownTable } from './tables/markdown.ts';
import { reportTables } from './tables/report-tables.ts';

/** Names of a report's files in the benchmark's folder. */
export const REPORT_PAGE = 'report.html';
export const REPORT_MANIFEST = 'report.json';

const FORMATS = { md: markdownTable, tex: latexTable, csv: csvTable } as const;

/**
 * The files of a report by their paths, the same bytes for the same data: the page, its tables in three formats, and
 * `report.json`, which has the records that they were made from and the SHA-256 of each file.
 */
export async function reportFiles(data: ReportData): Promise<ReadonlyMap<string, string>> {
  const files = new Map([[REPORT_PAGE, await reportPage(data)]]);
  for (const table of reportTables(data))
    for (const [ending, write] of Object.entries(FORMATS)) files.set(`tables/${table.name}.${ending}`, write(table));
  const manifest = {
    format: 1,
    name: data.name,
    records: Object.fromEntries(recordsOf(data)),
    files: Object.fromEntries([...files].map(([path, text]) => [path, sha256(text)])),
  };
  return files.set(REPORT_MANIFEST, `${JSON.stringify(manifest, undefined, 1)}\n`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
