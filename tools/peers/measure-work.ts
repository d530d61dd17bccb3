import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { ContestantFailure } from './contestant-process.ts';
import { runTask, type Bench, type Contestant, type PictureTask, type Task } from './contestant.ts';
import { checkLogits, checkLosses, checkVectors, type LossDifferences, type VectorDifferences } from './equality.ts';
import type { JobResult } from './job.ts';
import { TARGET_SHARE } from './report.ts';
import type { Work } from './works.ts';

/** A contestant's results, one per round. */
export interface Entry {
  readonly contestant: Contestant;
  readonly results: readonly JobResult[];
  readonly differences?: LossDifferences;
  /** Of encoded texts. */
  readonly vectors?: VectorDifferences;
  /** For a probe that ended at the target: the accuracy that 95 % was taken of, from the peer's other recipe. */
  readonly finalAccuracy?: number;
  /** Why there are no results. */
  readonly skipped?: string;
}

export interface MeasuredWork {
  readonly work: Work;
  readonly rounds: number;
  readonly entries: readonly Entry[];
}

type Say = (line: string) => void;

/** Every contestant in turn, round after round, each time in a new process. */
export async function measureWork(bench: Bench, work: Work, rounds: number, say: Say): Promise<MeasuredWork> {
  if (work.kind === 'probe') return measureProbe(bench, work, say);
  const { contestants } = work;
  const entries = contestants.map((contestant) => ({
    contestant,
    results: [] as JobResult[],
    skipped: undefined as string | undefined,
  }));
  let order: Task['order'];
  for (let round = 1; round <= rounds; round++) {
    for (const entry of entries.filter(({ skipped }) => skipped === undefined)) {
      say(`${work.id}, round ${round} of ${rounds}: ${entry.contestant.name}`);
      const result = await attempt(bench, entry.contestant, {
        ...work.task,
        order,
        ...(work.kind === 'encode' && { vectors: vectorsOf(bench, entry.contestant) }),
      });
      if (typeof result === 'string') {
        entry.skipped = result;
        say(`  left out: ${result}`);
        continue;
      }
      order ??= result.order;
      entry.results.push(result);
    }
  }
  return {
    work,
    rounds,
    entries: await (work.kind === 'encode' ? compareVectors(bench, entries) : compareLosses(entries)),
  };
}

function compareLosses(entries: readonly Entry[]): Entry[] {
  const losses = entries[0]!.results[0]!.losses!;
  return entries.map((entry) => {
    if (entry.skipped !== undefined) return entry;
    const [differences] = entry.results.map((result) => checkLosses(entry.contestant.name, losses, result.losses!));
    return { ...entry, differences };
  });
}

/** The last round's vectors of each contestant beside ours. */
async function compareVectors(bench: Bench, entries: readonly Entry[]): Promise<Entry[]> {
  const [first] = entries;
  const ours = await readFloats(vectorsOf(bench, first!.contestant));
  return Promise.all(
    entries.map(async (entry) => {
      const theirs = await readFloats(vectorsOf(bench, entry.contestant));
      return {
        ...entry,
        vectors: checkVectors(
          entry.contestant.name,
          ours,
          theirs,
          entry.contestant.settings.includes('q8') ? 'quantised' : 'exact',
        ),
      };
    }),
  );
}

const vectorsOf = ({ folder }: Bench, { library, settings }: Contestant) =>
  join(folder, `vectors-${[library, ...settings].join('-')}`);

/** The result, or why a compiler that is not here left none. @throws ContestantFailure of any other contestant */
async function attempt(bench: Bench, contestant: Contestant, task: Task): Promise<JobResult | string> {
  try {
    return await runTask(bench, contestant, task);
  } catch (error) {
    if (error instanceof ContestantFailure && contestant.settings.includes('compile')) return error.message;
    throw error;
  }
}

/**
 * Features once first: a frozen backbone in the loop computes the same numbers slower, so its final
 * accuracy is known, and its process may end when it has reached the share of it that is waited for.
 */
async function measureProbe(bench: Bench, work: Work, say: Say): Promise<MeasuredWork> {
  const entries: Entry[] = [];
  const finals = new Map<Contestant['library'], number>();
  for (const contestant of work.contestants) {
    say(`${work.id}: ${contestant.name}`);
    const finalAccuracy = finals.get(contestant.library);
    const untilAccuracy = finalAccuracy === undefined ? undefined : TARGET_SHARE * finalAccuracy;
    const task = { ...work.task, untilAccuracy };
    const result = await runTask(bench, contestant, task);
    finals.set(contestant.library, finalAccuracy ?? result.history!.at(-1)!.accuracy);
    entries.push({ contestant, results: [result], finalAccuracy: finals.get(contestant.library) });
  }
  return { work, rounds: 1, entries };
}

/** The published classifier on the same pictures in each library; the largest difference to ours of each. */
export async function compareLogits(
  bench: Bench,
  task: PictureTask,
  contestants: readonly Contestant[],
  say: Say,
): Promise<Map<string, number>> {
  const differences = new Map<string, number>();
  let ours: Float32Array | undefined;
  for (const contestant of contestants) {
    say(`equal logits: ${contestant.name}`);
    const path = join(bench.folder, 'logits');
    await runTask(bench, contestant, { ...task, kind: 'check', logits: path });
    const logits = await readFloats(path);
    if (ours) differences.set(contestant.name, checkLogits(contestant.name, ours, logits));
    ours ??= logits;
  }
  return differences;
}

async function readFloats(path: string): Promise<Float32Array> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
