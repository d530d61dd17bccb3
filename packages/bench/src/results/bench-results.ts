import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchRecord, Coordinates } from '../records/bench-record.ts';
import { FolderStore } from '../records/folder-store.ts';
import { readRecords } from '../records/read-records.ts';
import type { RecordStore } from '../records/record-store.ts';
import { readBenchFile, type BenchFile } from './bench-file.ts';

/** One number of one cell. */
export interface ResultRow extends Coordinates {
  readonly task: string;
  readonly metric: string;
  readonly value: number;
  /** Id of the record that it stands in. */
  readonly record: string;
}

/** What a benchmark's folder holds. */
export interface BenchResults {
  readonly bench: BenchFile;
  /** Of each cell that is done the number that verdicts are about, in the order of the configuration's axes. */
  readonly rows: readonly ResultRow[];
  /** Records of the benchmark's cells, done and failed, in the same order; their coordinates are those of `bench.json`. */
  readonly records: readonly BenchRecord[];
  /** Ids of cells without a record. */
  readonly missing: readonly string[];
  /** How many records there are of no cell of this configuration. */
  readonly others: number;
}

/**
 * The results in a benchmark's folder, every record checked to the byte.
 * @throws HeadstartError `record-invalid` for a record that is not as it was written, `target-not-found` where there is no benchmark
 */
export async function readResults(dir: string): Promise<BenchResults> {
  const bench = await readBenchFile(dir);
  if (!bench) throw noBenchmark(dir);
  return resultsOf(bench, new FolderStore(dir));
}

/** The error for a folder without a benchmark. */
export function noBenchmark(dir: string): HeadstartError {
  return new HeadstartError({
    code: 'target-not-found',
    message: `There is no benchmark in ${dir}: it has no bench.json.`,
    hint: 'Give the folder that `headstart bench` wrote, its --out.',
  });
}

/** The results of a benchmark whose records are in a store. @throws HeadstartError `record-invalid` */
export async function resultsOf(bench: BenchFile, store: RecordStore): Promise<BenchResults> {
  const planned = new Set(bench.cells.map(({ id }) => id));
  const there = await store.ids();
  const { records: read, damaged } = await readRecords(
    store,
    there.filter((id) => planned.has(id)),
  );
  const [first] = damaged;
  if (first) throw refused(first.error, damaged.length);
  const cells = bench.cells.filter(({ id }) => read.has(id));
  return {
    bench,
    rows: cells.flatMap(({ id, task, coordinates }) => rowOf(read.get(id)!, coordinates, bench.metrics[task]?.name)),
    records: cells.map(({ id, coordinates }) => ({ ...read.get(id)!, coordinates })),
    missing: [...planned].filter((id) => !read.has(id)),
    others: there.filter((id) => !planned.has(id)).length,
  };
}

function rowOf(record: BenchRecord, coordinates: Coordinates, metric: string | undefined): ResultRow[] {
  const value = metric === undefined ? undefined : record.metrics[metric];
  if (record.state !== 'done' || metric === undefined || value === undefined) return [];
  return [{ ...coordinates, task: record.task, metric, value, record: record.id }];
}

function refused(error: HeadstartError, count: number): HeadstartError {
  const others = count > 1 ? ` ${count - 1} more are damaged, too.` : '';
  return new HeadstartError({
    code: 'record-invalid',
    message: error.message + others,
    hint: error.hint,
    cause: error,
  });
}
