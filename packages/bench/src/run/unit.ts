import type { TrialSession } from '@headstart/core/trials';
import type { PlannedTrial } from '../plan/bench-plan.ts';
import { groupBy } from '../plan/transfer-group.ts';
import { identityDigest } from '../records/record-digest.ts';

/** Trials that are run at once: one, or several whose heads share their steps. JSON, so that other processes can be handed it. */
export interface Unit {
  /** What its time is expected by: units of one kind take the same per trial. */
  readonly kind: string;
  readonly trials: readonly PlannedTrial[];
  /** Seconds per trial after which the unit is ended and its cells recorded as failed; no limit where absent. */
  readonly cellSeconds?: number;
}

/** More heads in one step than this gain little, and would be lost together where the process is killed. */
const MOST_TOGETHER = 32;

/** What claims of a trial go by: the same in every process that would train it. */
export function claimOf({ cells }: PlannedTrial): string {
  return identityDigest({ ...cells[0]!.identity, tests: [] }).slice(0, 32);
}

export interface UnitOptions {
  readonly session: Pick<TrialSession, 'stackKey'>;
  /** That the units are to be spread over. */
  readonly workers: number;
  readonly cellSeconds?: number;
}

/** Trials in units, in their order: those of equal stack keys together. */
export async function unitsOf(
  trials: readonly PlannedTrial[],
  { session, workers, cellSeconds }: UnitOptions,
): Promise<Unit[]> {
  const keyed: { trial: PlannedTrial; key: string }[] = [];
  for (const [i, trial] of trials.entries())
    keyed.push({ trial, key: (await session.stackKey(trial.request)) ?? `alone ${i}` });
  return groupBy(keyed, ({ key }) => key).flatMap((group) => {
    const size = Math.min(MOST_TOGETHER, Math.ceil(group.length / workers));
    return Array.from({ length: Math.ceil(group.length / size) }, (_, i) => {
      const some = group.slice(i * size, (i + 1) * size).map(({ trial }) => trial);
      return { kind: kindOf(some[0]!), trials: some, ...(cellSeconds !== undefined && { cellSeconds }) };
    });
  });
}

function kindOf({ coordinates: { seed: _, ...rest } }: PlannedTrial): string {
  return JSON.stringify(rest);
}
