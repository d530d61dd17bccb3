import { HeadstartError, type ErrorCode } from '@headstart/artifacts/errors';
import type { TransferPlan } from '@headstart/core';
import type { TrialSession } from '@headstart/core/trials';
import type { Cell } from '../matrix/cell.ts';
import { cellIdentity, identityDigest } from '../records/record-digest.ts';
import type { BenchPlan, PlannedTrial, Refusal } from './bench-plan.ts';
import { groupBy, transfersByKind, trialRequest, type TransferGroup } from './transfer-group.ts';

/** Failures of a configuration and not of a cell: nothing is run with a slip in a name. */
const FATAL: ReadonlySet<ErrorCode> = new Set(['unknown-name', 'target-not-found', 'plugin-missing']);

/** What planning works with. */
export interface Planning {
  readonly session: Pick<TrialSession, 'plan' | 'identify'>;
  /** Whether a cell has a record: what has been run needs no plan. */
  readonly isKnown: (id: string) => boolean;
  /** Told how many transfers have been planned. */
  readonly planned?: (transfers: number) => void;
  /** Told what a transfer comes to that seeds share. */
  readonly chosen?: (plan: TransferPlan) => void;
}

type Refused = Omit<Refusal, 'cells'>;

/**
 * Plans every cell: what cannot be is refused with its reason, and the others go on.
 * @throws HeadstartError for names that nothing is known by, before anything runs
 */
export async function planBench(cells: readonly Cell[], planning: Planning): Promise<BenchPlan> {
  const { session, planned } = planning;
  const trials: PlannedTrial[] = [];
  const refused: { reason: Refused; cell: Cell }[] = [];
  let done = 0;
  for (const kind of transfersByKind(cells)) {
    const problems = await problemsOf(kind, planning);
    for (const group of kind) {
      const possible = group.cells.filter(({ coordinates }) => !problems.has(coordinates.test));
      const impossible = group.cells.filter(({ coordinates }) => problems.has(coordinates.test));
      refused.push(...impossible.map((cell) => ({ reason: problems.get(cell.coordinates.test)!, cell })));
      try {
        if (possible.length > 0) trials.push(await plannedTrial(group, possible, session));
      } catch (error) {
        const reason = refusal(error);
        refused.push(...possible.map((cell) => ({ reason, cell })));
      }
      planned?.(++done);
    }
  }
  return { trials, refused: byReason(refused) };
}

async function plannedTrial(
  { coordinates }: TransferGroup,
  cells: readonly Cell[],
  session: Planning['session'],
): Promise<PlannedTrial> {
  const request = trialRequest(cells);
  const identity = await session.identify(request);
  return {
    coordinates,
    request,
    cells: cells.map((cell, i) => {
      const own = cellIdentity(identity, i);
      return {
        coordinates: cell.coordinates,
        id: identityDigest(own),
        identity: own,
        task: String(identity.transfer['task']),
      };
    }),
  };
}

/** Why transfers that differ by their seed alone cannot be, by the test. */
async function problemsOf(kind: readonly TransferGroup[], planning: Planning): Promise<Map<string, Refused>> {
  // Seeds may have tests of their own: each test is planned with the first transfer that has it.
  const first = new Map(
    kind
      .flatMap(({ cells }) => cells)
      .reverse()
      .map((cell) => [cell.coordinates.test, cell]),
  );
  const all = [...first.values()].reverse();
  const together = await problemOf(all, planning);
  if (!together) return new Map();
  const [only] = all;
  if (all.length === 1) return new Map([[only!.coordinates.test, together]]);
  const problems = new Map<string, Refused>();
  for (const cell of all) {
    const problem = await problemOf([cell], planning);
    if (problem) problems.set(cell.coordinates.test, problem);
  }
  return problems;
}

/** Why cells cannot be; of one whose record is there nothing is asked. */
async function problemOf(cells: readonly Cell[], { session, isKnown, chosen }: Planning): Promise<Refused | undefined> {
  try {
    for (const transfer of groupBy(cells, ({ coordinates }) => String(coordinates.seed))) {
      const request = trialRequest(transfer);
      const identity = await session.identify(request);
      const known = transfer.every((_, i) => isKnown(identityDigest(cellIdentity(identity, i))));
      if (known) continue;
      const plan = await session.plan(request);
      checkShots(transfer[0]!, plan.samples['train'] ?? 0, plan.labels.length);
      chosen?.(plan);
    }
    return undefined;
  } catch (error) {
    return refusal(error);
  }
}

/** @throws HeadstartError `target-too-small` where a class has fewer training samples than shots */
function checkShots({ coordinates: { shots, train } }: Cell, samples: number, classes: number): void {
  if (shots === 'all' || samples >= shots * classes) return;
  throw new HeadstartError({
    code: 'target-too-small',
    message: `${train} does not have ${shots} training samples of every class: drawn were ${samples} of ${classes} classes.`,
    hint: 'Leave out that number of shots for this data set, or merge its small classes.',
  });
}

/** @throws what is no reason to leave out a cell */
function refusal(error: unknown): Refused {
  if (!HeadstartError.is(error) || FATAL.has(error.code)) throw error;
  const { code, message, hint } = error;
  return { code, message, hint };
}

function byReason(refused: readonly { readonly reason: Refused; readonly cell: Cell }[]): Refusal[] {
  return groupBy(refused, ({ reason: { code, message } }) => `${code} ${message}`).map((group) => ({
    ...group[0]!.reason,
    cells: group.map(({ cell }) => cell.coordinates),
  }));
}
