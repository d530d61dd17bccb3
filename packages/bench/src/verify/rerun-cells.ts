import { resolve } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart } from '@headstart/core';
import type { ItemColumn, TrialSession } from '@headstart/core/trials';
import { settleBench } from '../config/settle-bench.ts';
import { COORDINATES, coordinateKey } from '../matrix/cell.ts';
import { expand } from '../matrix/expand.ts';
import { trialRequest } from '../plan/transfer-group.ts';
import type { BenchRecord } from '../records/bench-record.ts';
import { canonicalJson } from '../records/canonical-json.ts';
import type { FolderStore } from '../records/folder-store.ts';
import { readPredictions } from '../records/predictions.ts';
import { cellIdentity, identityDigest } from '../records/record-digest.ts';
import { BENCH_FILE, type BenchFile } from '../results/bench-file.ts';
import { doneRecord, type MadeRecord } from '../run/make-record.ts';
import type { Finding } from './finding.ts';

/** Heads that were trained together come to what each comes to alone within this, in a probability or a score. */
const TOGETHER_WITHIN = 1e-5;

/** Runs cells of a benchmark anew, and compares what they come to with their records. */
export async function rerunCells(
  headstart: Headstart,
  bench: BenchFile,
  store: FolderStore,
  records: readonly BenchRecord[],
  signal?: AbortSignal,
): Promise<Finding[]> {
  const folder = resolve(store.dir, bench.folder);
  const datasets = headstart.datasets().map(({ value }) => value.id);
  const cells = expand(settleBench(bench.config, { file: BENCH_FILE, folder, datasets }), BENCH_FILE);
  const session = headstart.trials();
  try {
    const findings: Finding[] = [];
    for (const record of records) {
      const place = coordinateKey(placeOf(bench, record), COORDINATES);
      const cell = cells.find(({ coordinates }) => coordinateKey(coordinates, COORDINATES) === place);
      const problems = cell
        ? await differences(session, trialRequest([cell]), record, store, signal)
        : ['The configuration does not have its cell.'];
      const file = `records/${record.id.slice(0, 2)}/${record.id}/record.json`;
      findings.push(...problems.map((what) => ({ file, what: `Run again: ${what}` })));
    }
    return findings;
  } finally {
    await session.close();
  }
}

function placeOf({ cells }: BenchFile, { id, coordinates }: BenchRecord): BenchRecord['coordinates'] {
  return cells.find((cell) => cell.id === id)?.coordinates ?? coordinates;
}

async function differences(
  session: TrialSession,
  request: ReturnType<typeof trialRequest>,
  record: BenchRecord,
  store: FolderStore,
  signal?: AbortSignal,
): Promise<string[]> {
  try {
    const identity = cellIdentity(await session.identify(request), 0);
    if (identityDigest(identity) !== record.id) return [changedSince(record.identity, identity)];
    const result = await session.run(request, { signal });
    const again = doneRecord({ ...record, task: record.task }, result, 0);
    return record.measured.together > 1 ? await apart(record, again, store) : exactly(record, again.record);
  } catch (error) {
    if (!HeadstartError.is(error) || signal?.aborted) throw error;
    return [`${error.message} ${error.hint}`];
  }
}

/** What determines the cell and is not what it was. */
function changedSince(then: BenchRecord['identity'], now: BenchRecord['identity']): string {
  const flat = (identity: BenchRecord['identity']) =>
    Object.entries({
      ...identity.transfer,
      ...identity.code,
      source: identity.source,
      train: identity.train,
      adapt: identity.adapt,
      tests: identity.tests,
    });
  const before = new Map(flat(then).map(([key, value]) => [key, canonicalJson(value ?? null)]));
  const changed = flat(now)
    .filter(([key, value]) => before.get(key) !== canonicalJson(value ?? null))
    .map(([key, value]) => `${key} was ${before.get(key) ?? 'absent'} and is ${canonicalJson(value ?? null)}`);
  return `what determines it has changed since: ${changed.join('; ')}.`;
}

/** The parts of a record in which a second run differs; what is measured may. */
function exactly(record: BenchRecord, again: BenchRecord): string[] {
  const parts = ['samples', 'metrics', 'intervals', 'training', 'choices', 'predictions'] as const;
  const differ: string[] = parts.filter(
    (part) => canonicalJson(record[part] ?? null) !== canonicalJson(again[part] ?? null),
  );
  const losses = ({ history }: BenchRecord) => canonicalJson(history.map(({ seconds: _, ...epoch }) => epoch));
  if (losses(record) !== losses(again)) differ.push('history');
  return differ.map((part) => `its ${part} came out otherwise.`);
}

/** The same of one that was trained with others: numbers of its predictions may differ in their last digits. */
async function apart(record: BenchRecord, { predictions }: MadeRecord, store: FolderStore): Promise<string[]> {
  if (!record.predictions || !predictions) return [];
  const [then, now] = [await store.predictions(record), await readPredictions(predictions, 'the second run')];
  const others = new Map(now.items.columns.map((column) => [column.name, column]));
  return then.items.columns.flatMap((column) => {
    const distance = farthest(column, others.get(column.name));
    return distance <= TOGETHER_WITHIN
      ? []
      : [`${column.name} of its predictions came out otherwise, by up to ${distance}.`];
  });
}

/** The largest difference of two columns' numbers; infinite where they differ in anything else. */
function farthest(a: ItemColumn, b: ItemColumn | undefined): number {
  const [one, other] = [a.values.flat(), b?.values.flat() ?? []];
  if (one.length !== other.length) return Infinity;
  return one.reduce<number>((most, value, i) => {
    const with_ = other[i];
    if (typeof value === 'number' && typeof with_ === 'number') return Math.max(most, Math.abs(value - with_));
    return value === with_ ? most : Infinity;
  }, 0);
}
