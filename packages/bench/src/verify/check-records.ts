import { HeadstartError } from '@headstart/artifacts/errors';
import { measureItems, type ItemReaders } from '@headstart/core/trials';
import type { BenchRecord } from '../records/bench-record.ts';
import type { FolderStore } from '../records/folder-store.ts';
import { readRecords } from '../records/read-records.ts';
import type { Finding } from './finding.ts';

/** What a look at every record came to. */
export interface CheckedRecords {
  readonly records: ReadonlyMap<string, BenchRecord>;
  /** How many numbers were derived again from predictions. */
  readonly numbers: number;
  /** How many records have no predictions, so that their numbers stand by their digest alone. */
  readonly bare: number;
  readonly findings: readonly Finding[];
}

/** Reads every record to the byte, and derives each of its numbers again from its predictions. */
export async function checkRecords(store: FolderStore, readers: ItemReaders): Promise<CheckedRecords> {
  const { records, damaged } = await readRecords(store);
  const findings: Finding[] = damaged.map(({ id, error }) => ({ file: fileOf(id), what: error.message }));
  let numbers = 0;
  let bare = 0;
  for (const record of records.values()) {
    if (record.state === 'failed') continue;
    if (!record.predictions) bare++;
    else {
      const wrong = await wrongNumbers(record, store, readers);
      numbers += Object.keys(record.metrics).length;
      findings.push(...wrong.map((what) => ({ file: fileOf(record.id), what })));
    }
  }
  return { records, numbers, bare, findings };
}

function fileOf(id: string): string {
  return `records/${id.slice(0, 2)}/${id}/record.json`;
}

async function wrongNumbers(record: BenchRecord, store: FolderStore, readers: ItemReaders): Promise<string[]> {
  try {
    const { items } = await store.predictions(record);
    const { numbers } = measureItems(readers, items);
    const names = new Set([...Object.keys(record.metrics), ...Object.keys(numbers)]);
    return [...names].flatMap((name) => {
      const said = record.metrics[name];
      const derived = numbers[name]?.value;
      if (Object.is(said, derived)) return [];
      if (said === undefined) return [`It does not say ${name}, which is ${derived} by its predictions.`];
      if (derived === undefined) return [`It says ${name} ${said}, which is not derived from its predictions.`];
      return [`It says ${name} ${said}, which is ${derived} by its predictions.`];
    });
  } catch (error) {
    if (HeadstartError.is(error) && error.code === 'record-invalid') return [error.message];
    throw error;
  }
}
