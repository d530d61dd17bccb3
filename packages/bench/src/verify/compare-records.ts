import type { ItemColumn } from '@headstart/core/trials';
import type { BenchRecord } from '../records/bench-record.ts';
import { canonicalJson } from '../records/canonical-json.ts';
import type { FolderStore } from '../records/folder-store.ts';
import { identityChanges } from '../records/identity-changes.ts';
import { readPredictions } from '../records/predictions.ts';
import type { MadeRecord } from '../run/make-record.ts';

/** Heads that were trained together come to what each comes to alone within this, in a probability or a score. */
const TOGETHER_WITHIN = 1e-5;

/** Why bits may differ though nothing was altered; nothing where that is not why. */
export function otherEnvironment(
  { environment: then = {} }: BenchRecord,
  { environment: now = {} }: BenchRecord,
): string[] {
  const differ = Object.keys({ ...then, ...now })
    .filter((what) => then[what] !== now[what])
    .map((what) => `${what} (${then[what] ?? 'not recorded'} then, ${now[what] ?? 'none'} here)`);
  return differ.length === 0 ? [] : [`last digits depend on what it was computed with: ${differ.join(', ')}.`];
}

/** What determines the cell and is not what it was. */
export function changedSince(then: BenchRecord['identity'], now: BenchRecord['identity']): string {
  const changed = identityChanges(then, now).map(
    ({ part, before = 'absent', after = 'absent' }) => `${part} was ${before} and is ${after}`,
  );
  return `what determines it has changed since: ${changed.join('; ')}.`;
}

/** The parts of a record in which a second run differs; what is measured may. */
export function exactly(record: BenchRecord, again: BenchRecord): string[] {
  const parts = ['samples', 'metrics', 'intervals', 'training', 'choices', 'predictions'] as const;
  const differ: string[] = parts.filter(
    (part) => canonicalJson(record[part] ?? null) !== canonicalJson(again[part] ?? null),
  );
  const losses = ({ history }: BenchRecord) => canonicalJson(history.map(({ seconds: _, ...epoch }) => epoch));
  if (losses(record) !== losses(again)) differ.push('history');
  return differ.map((part) => `its ${part} came out otherwise.`);
}

/** The same of one that was trained with others: numbers of its predictions may differ in their last digits. */
export async function apart(record: BenchRecord, { predictions }: MadeRecord, store: FolderStore): Promise<string[]> {
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
