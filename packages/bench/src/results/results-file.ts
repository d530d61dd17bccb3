import { jsonText } from '@headstart/artifacts/storage';
import type { ItemReaders } from '@headstart/core/trials';
import { sha256 } from '../records/record-digest.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { Verdict } from '../statistics/verdict.ts';
import { verdictsOf } from '../statistics/verdicts.ts';
import { benchFileText } from './bench-file.ts';
import type { BenchResults, ResultRow } from './bench-results.ts';
import { itemsOf, scoredRecords } from './scored-cells.ts';

export const RESULTS_FILE = 'results.json';

/** What `results.json` holds: the same for the same records, on whatever machine and in whatever order they were made. */
export interface ResultsDocument {
  readonly name: string;
  /** SHA-256, hex, of the `bench.json` that they are results of. */
  readonly bench: string;
  /** Cells that can be. */
  readonly planned: number;
  readonly done: number;
  readonly failed: number;
  /** Cells that cannot be. */
  readonly refused: number;
  readonly results: readonly ResultRow[];
  readonly verdicts: readonly Verdict[];
}

/**
 * The results of records, with the verdicts on every comparison.
 * @param readers what measures predictions: a composed `Headstart`
 * @throws HeadstartError `record-invalid` for predictions that nothing here reads
 */
export async function resultsDocument(
  { bench, rows, records }: BenchResults,
  store: RecordStore,
  readers: ItemReaders,
): Promise<ResultsDocument> {
  const done = records.filter(({ state }) => state === 'done').length;
  return {
    name: bench.name,
    bench: sha256(benchFileText(bench)),
    planned: bench.cells.length,
    done,
    failed: records.length - done,
    refused: bench.refused.reduce((sum, { cells }) => sum + cells.length, 0),
    results: rows,
    verdicts: await verdictsOf(scoredRecords(records), bench, (record) => itemsOf(record, bench, store, readers)),
  };
}

/** The one text of a benchmark's results. */
export function resultsText(document: ResultsDocument): string {
  return `${jsonText(document, 1)}\n`;
}
