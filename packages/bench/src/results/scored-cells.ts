import { measureItems, type ItemReaders } from '@headstart/core/trials';
import { coordinateKey } from '../matrix/cell.ts';
import type { BenchRecord } from '../records/bench-record.ts';
import { canonicalJson } from '../records/canonical-json.ts';
import { sha256 } from '../records/record-digest.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { CellItems } from '../statistics/item-noise.ts';
import type { ScoredCell } from '../statistics/scored-cell.ts';
import type { BenchFile } from './bench-file.ts';

/** A record as statistics take it. */
export type ScoredRecord = BenchRecord & ScoredCell;

/** Records with what is said of the splits that their seeds drew. */
export function scoredRecords(records: readonly BenchRecord[]): ScoredRecord[] {
  const tests = new Map<string, Set<string>>();
  for (const record of records) {
    const key = domainsOf(record);
    tests.set(key, (tests.get(key) ?? new Set()).add(record.identity.tests[0]!));
  }
  return records.map((record) => (tests.get(domainsOf(record))!.size > 1 ? withResampled(record) : record));
}

function domainsOf({ coordinates }: BenchRecord): string {
  return coordinateKey(coordinates, ['train', 'test']);
}

/** Seeds that test on samples of their own drew them by the shares of the transfer's split. */
function withResampled(record: BenchRecord): ScoredRecord {
  const test = record.samples['judged'] ?? 0;
  const [train, , tested] = (record.identity.transfer['split'] ?? []) as readonly number[];
  return train && tested ? { ...record, resampled: { test, train: (test * train) / tested } } : record;
}

/** What a record says of each item of its test; undefined where its task gives no evidence. */
export async function itemsOf(
  record: BenchRecord,
  { metrics }: BenchFile,
  store: RecordStore,
  readers: ItemReaders,
): Promise<CellItems | undefined> {
  if (!record.predictions) return undefined;
  const { ids, digests, items } = await store.predictions(record);
  const { count, scores, numbers } = measureItems(readers, items);
  const resampled = numbers[metrics[record.task]?.name ?? '']?.resampled;
  return { key: sha256(canonicalJson([ids, digests])), count, scores, ...(resampled && { resampled }) };
}
