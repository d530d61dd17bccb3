import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { ItemReaders } from '@headstart/core/trials';
import type { FolderStore } from '../records/folder-store.ts';
import { BENCH_FILE, benchFileText, type BenchFile } from '../results/bench-file.ts';
import { remakeReport } from '../report/remake-report.ts';
import { REPORT_PAGE } from '../report/report-files.ts';
import { resultsOf, type BenchResults } from '../results/bench-results.ts';
import { RESULTS_FILE, resultsDocument, resultsText } from '../results/results-file.ts';
import type { Finding } from './finding.ts';

/** Makes what is derived from the records anew, and compares it byte for byte. @returns the files that were compared, and what differs */
export async function checkDerived(
  bench: BenchFile,
  store: FolderStore,
  readers: ItemReaders,
): Promise<{ files: string[]; findings: Finding[] }> {
  const files = new Map([[BENCH_FILE, benchFileText(bench)]]);
  try {
    const results = await resultsOf(bench, store);
    files.set(RESULTS_FILE, resultsText(await resultsDocument(results, store, readers)));
    for (const [file, text] of await reportOf(results, store, readers)) files.set(file, text);
  } catch (error) {
    // Damaged records are found by themselves: what is made of them cannot be.
    if (!HeadstartError.is(error) || error.code !== 'record-invalid') throw error;
  }
  const findings: Finding[] = [];
  for (const [file, text] of files) {
    const found = await readFile(join(store.dir, file)).catch(() => undefined);
    if (!found) findings.push({ file, what: 'It is missing: run the benchmark again, which writes it.' });
    else if (!found.equals(Buffer.from(text))) findings.push({ file, what: differs(found, Buffer.from(text)) });
  }
  return { files: [...files.keys()], findings };
}

/** The files of the report that is there; a page that is none any more is to be made anew. */
async function reportOf(
  results: BenchResults,
  store: FolderStore,
  readers: ItemReaders,
): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(join(store.dir, REPORT_PAGE), 'utf8').catch(() => undefined);
  if (page === undefined) return new Map();
  try {
    return await remakeReport(results, { store, readers }, page);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return new Map([[REPORT_PAGE, '']]);
    throw error;
  }
}

function differs(found: Buffer, expected: Buffer): string {
  const at = found.findIndex((byte, i) => byte !== expected[i]);
  const where = at < 0 ? Math.min(found.length, expected.length) : at;
  return `It is not what its records come to: byte ${where} is another.`;
}
