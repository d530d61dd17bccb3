import { HeadstartError } from '@headstart/artifacts/errors';
import type { TrialSession } from '@headstart/core/trials';
import { COORDINATES, coordinateKey, type Cell } from '../matrix/cell.ts';
import type { PlannedCell, PlannedTrial } from '../plan/bench-plan.ts';
import { trialRequest } from '../plan/transfer-group.ts';
import { identityChanges } from '../records/identity-changes.ts';
import { cellIdentity, identityDigest, sha256 } from '../records/record-digest.ts';
import type { Unit } from '../run/unit.ts';

/** A unit as other machines can be handed it: what it asks for they know from their own configuration, with their own paths. JSON. */
export interface UnitJob extends Omit<Unit, 'trials'> {
  readonly trials: readonly (readonly PlannedCell[])[];
}

/** A unit as a job. */
export function jobOf({ trials, ...unit }: Unit): UnitJob {
  return { ...unit, trials: trials.map(({ cells }) => cells) };
}

/** Of a job: by what it comes to, so that the same work is queued once. */
export function jobId({ trials }: Unit): string {
  return `unit-${sha256(trials.map(({ cells }) => cells.map(({ id }) => id).join()).join('\n')).slice(0, 40)}`;
}

/**
 * The unit of a job, on this machine.
 * @param cells of this machine's configuration
 * @throws HeadstartError `resume-mismatch` where they would come to something else here than where the job was made
 */
export async function unitOfJob(
  { trials, ...unit }: UnitJob,
  cells: ReadonlyMap<string, Cell>,
  session: Pick<TrialSession, 'identify'>,
): Promise<Unit> {
  const own = trials.map(async (planned): Promise<PlannedTrial> => {
    const here = planned.map(({ coordinates }) => cells.get(coordinateKey(coordinates, COORDINATES)));
    const known = here.filter((cell) => cell !== undefined);
    if (known.length < planned.length) throw notTheSame('it is not in the configuration');
    const request = trialRequest(known);
    const identity = await session.identify(request);
    planned.forEach(({ id, identity: there }, i) => {
      const own = cellIdentity(identity, i);
      if (identityDigest(own) !== id) throw notTheSame(differing(there, own));
    });
    const { test: _, ...coordinates } = planned[0]!.coordinates;
    return { coordinates, cells: planned, request };
  });
  return { ...unit, trials: await Promise.all(own) };
}

function differing(there: PlannedCell['identity'], here: PlannedCell['identity']): string {
  return identityChanges(there, here)
    .map(({ part, before = 'absent', after = 'absent' }) => `${part} is ${after} here and ${before} there`)
    .join('; ');
}

function notTheSame(what: string): HeadstartError {
  return new HeadstartError({
    code: 'resume-mismatch',
    message: `A cell of the queue would come to something else on this machine: ${what}.`,
    hint: 'Bring the same data, packages and backend to both machines. The cell went back into the queue.',
  });
}
