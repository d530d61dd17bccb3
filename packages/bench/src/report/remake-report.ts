import type { BenchResults } from '../results/bench-results.ts';
import { assembleReport, type AssembleOptions } from './assemble-report.ts';
import { embeddedIn } from './embedded.ts';
import { reportFiles } from './report-files.ts';

/**
 * The files of a report as its records make them. Texts and pictures of items are those of the page that is there: they come
 * from data sets, and `report.json` has the digest of the page with them.
 * @throws SyntaxError for a page that has no data of a report
 */
export async function remakeReport(
  results: BenchResults,
  predictions: AssembleOptions['predictions'],
  page: string,
): Promise<ReadonlyMap<string, string>> {
  const { samples, withheld } = embeddedIn(page);
  return reportFiles(await assembleReport(results, { predictions, samples: () => ({ samples, withheld }) }));
}
