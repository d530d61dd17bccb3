import { resolve } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart } from '@headstart/core';
import type { TrialResult, TrialSession } from '@headstart/core/trials';
import { settleBench } from '../config/settle-bench.ts';
import { COORDINATES, coordinateKey, type Cell } from '../matrix/cell.ts';
import { expand } from '../matrix/expand.ts';
import { trialRequest } from '../plan/transfer-group.ts';
import type { BenchRecord } from '../records/bench-record.ts';
import type { FolderStore } from '../records/folder-store.ts';
import { cellIdentity, identityDigest } from '../records/record-digest.ts';
import { BENCH_FILE, type BenchFile } from '../results/bench-file.ts';
import { doneRecord } from '../run/make-record.ts';
import { apart, changedSince, exactly, otherEnvironment } from './compare-records.ts';
import type { Finding } from './finding.ts';

/** What cells came to that were run anew. */
export interface Reruns {
  readonly findings: readonly Finding[];
  /**
   * Ids of those that were trained together with others which cannot be trained together again, since their record does not
   * say with which, or the configuration lacks some of these: they were run alone, and compared as `apart` does.
   */
  readonly apart: readonly string[];
}

/**
 * Runs cells of a benchmark anew, those that were trained together with the same others, and compares what they come to with
 * their records bit for bit.
 */
export async function rerunCells(
  headstart: Headstart,
  bench: BenchFile,
  store: FolderStore,
  records: readonly BenchRecord[],
  signal?: AbortSignal,
): Promise<Reruns> {
  const folder = resolve(store.dir, bench.folder);
  const datasets = headstart.datasets().map(({ value }) => value.id);
  const cells = new Map(
    expand(settleBench(bench.config, { file: BENCH_FILE, folder, datasets }), BENCH_FILE).map((cell) => [
      coordinateKey(cell.coordinates, COORDINATES),
      cell,
    ]),
  );
  const ids = new Map(
    bench.cells.map(({ id, coordinates }) => [id, cells.get(coordinateKey(coordinates, COORDINATES))]),
  );
  const session = headstart.trials();
  try {
    const findings: Finding[] = [];
    const alone: string[] = [];
    for (const record of records) {
      const cell = ids.get(record.id) ?? cells.get(coordinateKey(record.coordinates, COORDINATES));
      const stack = stackOf(record, ids);
      if (record.measured.together > 1 && !stack) alone.push(record.id);
      const problems = cell
        ? await differences(session, { cell, stack, record, store, signal })
        : ['The configuration does not have its cell.'];
      const file = `records/${record.id.slice(0, 2)}/${record.id}/record.json`;
      findings.push(...problems.map((what) => ({ file, what: `Run again: ${what}` })));
    }
    return { findings, apart: alone };
  } finally {
    await session.close();
  }
}

/** The cells that a record's was trained together with, its own among them, training by training; undefined where they are not known. */
function stackOf(
  { id, measured: { together, stack } }: BenchRecord,
  ids: ReadonlyMap<string, Cell | undefined>,
): Stack | undefined {
  if (together === 1 || !stack) return undefined;
  const trials = stack.map((members) => members.map((member) => ids.get(member)));
  if (trials.some((cells) => cells.includes(undefined))) return undefined;
  const own = stack.findIndex((members) => members.includes(id));
  return own < 0 ? undefined : { trials: trials as Cell[][], own, test: stack[own]!.indexOf(id) };
}

/** Trainings that share their steps. */
interface Stack {
  /** The cells of each. */
  readonly trials: readonly (readonly Cell[])[];
  /** Which one is asked for, and which of its cells. */
  readonly own: number;
  readonly test: number;
}

interface Rerun {
  readonly cell: Cell;
  readonly stack?: Stack;
  readonly record: BenchRecord;
  readonly store: FolderStore;
  readonly signal?: AbortSignal;
}

async function differences(session: TrialSession, { cell, stack, record, store, signal }: Rerun): Promise<string[]> {
  try {
    const request = trialRequest([cell]);
    const identity = cellIdentity(await session.identify(request), 0);
    if (identityDigest(identity) !== record.id) return [changedSince(record.identity, identity)];
    const result = stack ? await together(session, stack, signal) : await session.run(request, { signal });
    const again = doneRecord(record, { result, test: stack?.test ?? 0 });
    if (record.measured.together > 1 && !stack) return await apart(record, again, store);
    const differ = exactly(record, again.record);
    const others = differ.length > 0 ? otherEnvironment(record, again.record) : [];
    return [...differ, ...others];
  } catch (error) {
    if (!HeadstartError.is(error) || signal?.aborted) throw error;
    return [`${error.message} ${error.hint}`];
  }
}

async function together(session: TrialSession, { trials, own }: Stack, signal?: AbortSignal): Promise<TrialResult> {
  const ends = await session.runTogether(trials.map(trialRequest), { signal });
  const end = ends[own]!;
  if ('error' in end) throw end.error;
  return end.result;
}
