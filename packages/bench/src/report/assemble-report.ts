import { measureItems, type ItemReaders } from '@headstart/core/trials';
import { gainsOf } from '../gains/gains.ts';
import type { BenchRecord } from '../records/bench-record.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { BenchResults } from '../results/bench-results.ts';
import { itemsOf, scoredRecords } from '../results/scored-cells.ts';
import { pairedInterval } from '@headstart/core/statistics';
import { rankingsOf } from '../statistics/rankings.ts';
import { verdictsOf } from '../statistics/verdicts.ts';
import { cellsOf } from './cells.ts';
import type { FoundSamples } from './find-samples.ts';
import type { RefusedRun, ReportCell, ReportData, WorstItem } from './report-data.ts';
import { worstItems, type ScoredPredictions } from './worst-items.ts';

/** What a report is assembled with besides a benchmark's results. */
export interface AssembleOptions {
  /** Where predictions are, and what reads and measures them; without it nothing is said of single items. */
  readonly predictions?: Predicted;
  /** What is shown of the items that cells name. */
  readonly samples: (cells: readonly ReportCell[]) => FoundSamples | Promise<FoundSamples>;
}

interface Predicted {
  readonly store: RecordStore;
  readonly readers: ItemReaders;
}

/** Everything that the report of a benchmark shows. @throws HeadstartError `record-invalid` */
export async function assembleReport(
  { bench, records, missing }: BenchResults,
  { predictions, samples }: AssembleOptions,
): Promise<ReportData> {
  const { name, alpha, delta, baseline, metrics } = bench;
  const scored = scoredRecords(records);
  const verdicts = await verdictsOf(
    scored,
    bench,
    predictions && ((record) => itemsOf(record, bench, predictions.store, predictions.readers)),
  );
  const worst = predictions ? await worstByPlace(records, predictions) : new Map<string, readonly WorstItem[]>();
  const cells = cellsOf(records, {
    metrics,
    interval: (values) => (values.length < 2 ? null : pairedInterval(values, 1 - alpha)),
    worst: ([first]) => (first && worst.get(placeKey(first))) ?? [],
  });
  const refused = bench.refused.flatMap(({ code, message, hint, cells: runs }) =>
    runs.map((run): RefusedRun => ({ ...run, code: code as RefusedRun['code'], message, hint })),
  );
  return {
    name,
    alpha,
    delta,
    baseline,
    planned: records.length + missing.length + refused.length,
    cells,
    refused,
    verdicts,
    rankings: rankingsOf(scored, bench),
    gains: gainsOf(scored, bench),
    ...(await samples(cells)),
  };
}

/** The worst items of each cell that has predictions. */
async function worstByPlace(
  records: readonly BenchRecord[],
  { store, readers }: Predicted,
): Promise<Map<string, readonly WorstItem[]>> {
  const groups = new Map<string, BenchRecord[]>();
  for (const record of records) {
    const group = groups.get(placeKey(record));
    if (group) group.push(record);
    else groups.set(placeKey(record), [record]);
  }
  const worst = new Map<string, readonly WorstItem[]>();
  for (const [place, group] of groups) {
    const runs: ScoredPredictions[] = [];
    for (const record of group) {
      if (!record.predictions) continue;
      const read = await store.predictions(record);
      runs.push({ ...read, scores: measureItems(readers, read.items).scores });
    }
    worst.set(place, worstItems(runs));
  }
  return worst;
}

function placeKey({ task, coordinates: { seed: _, ...place } }: BenchRecord): string {
  return JSON.stringify([task, place]);
}
