import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart } from '@headstart/core';
import { FolderStore } from '../records/folder-store.ts';
import { BENCH_FILE, readBenchFile } from '../results/bench-file.ts';
import { noBenchmark } from '../results/bench-results.ts';
import { checkDerived } from './check-derived.ts';
import { checkRecords } from './check-records.ts';
import type { Finding } from './finding.ts';
import { rerunCells } from './rerun-cells.ts';

export interface VerifyOptions {
  /** How many cells that are done are run again; 1 where absent. */
  readonly rerun?: number;
  readonly signal?: AbortSignal;
}

/** What a benchmark's folder was found to be. */
export interface Verification {
  readonly records: number;
  /** Numbers that were derived again from predictions. */
  readonly numbers: number;
  /** Records without predictions, whose numbers stand by their digest alone. */
  readonly bare: number;
  /** Files that were made anew and compared byte for byte. */
  readonly files: readonly string[];
  /** Ids of the cells that were run again. */
  readonly rerun: readonly string[];
  /** Those of them that were trained together with others and could be run again by themselves only: see `Reruns`. */
  readonly apart: readonly string[];
  /** Empty where all is as it was written. */
  readonly findings: readonly Finding[];
}

/**
 * Proves a benchmark's folder: reads every record to the byte, derives every number again from predictions, makes anew
 * what was made of records, and runs some cells again.
 * @throws HeadstartError `target-not-found` where there is no benchmark
 */
export async function verifyBench(
  headstart: Headstart,
  dir: string,
  { rerun = 1, signal }: VerifyOptions = {},
): Promise<Verification> {
  const store = new FolderStore(dir);
  const { records, numbers, bare, findings } = await checkRecords(store, headstart);
  const all = [...findings];
  const outcome = {
    records: records.size,
    numbers,
    bare,
    files: [] as string[],
    rerun: [] as string[],
    apart: [] as string[],
  };
  const bench = await readBenchFile(dir).catch((error: unknown) => {
    if (!HeadstartError.is(error) || error.code !== 'record-invalid') throw error;
    all.push({ file: BENCH_FILE, what: error.message });
    return null;
  });
  if (bench === undefined) throw noBenchmark(dir);
  if (bench === null) return { ...outcome, findings: all };
  const derived = await checkDerived(bench, store, headstart);
  const planned = new Set(bench.cells.map(({ id }) => id));
  const done = [...records.values()].filter(({ id, state }) => state === 'done' && planned.has(id));
  const some = sample(done, rerun);
  const reruns =
    some.length > 0 ? await rerunCells(headstart, bench, store, some, signal) : { findings: [], apart: [] };
  all.push(...derived.findings, ...reruns.findings);
  return { ...outcome, files: derived.files, rerun: some.map(({ id }) => id), apart: reruns.apart, findings: all };
}

/** So many at random: nobody knows beforehand which cell will be run again. */
function sample<T>(all: readonly T[], count: number): T[] {
  const left = [...all];
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0)
    drawn.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  return drawn;
}
