import type { TrialResult } from '../../runs/trial.ts';
import type { Run } from '../../training/run.ts';
import { interrupted } from '../../training/interruption.ts';
import { disposeHead, openBeside } from '../../training/stacked/open-beside.ts';
import { trainTogether, type StackedEnd } from '../../training/stacked/train-together.ts';
import { Trainer } from '../../training/trainer.ts';
import { announcePlan } from '../announce-plan.ts';
import { inRunScope, type RunScope } from '../run-scope.ts';
import { deferred } from './deferred.ts';
import { trialScope, type TrialParts } from './run-trial.ts';
import { inTrialFolder } from './trial-folder.ts';
import { domainsOf, Seen, trialResult, type ReadyTrial } from './trial-result.ts';

/** A trial of the stack, in the scope of its run. */
interface Joined {
  readonly trial: ReadyTrial;
  readonly scope: RunScope;
  readonly seen: Seen;
}

/**
 * Trains the heads of trials of one stack key together, each trial with a run of its own: its events, its subscribers.
 * What fails for one of them is that one's end.
 */
export function runStack(
  parts: TrialParts,
  trials: readonly ReadyTrial[],
  signal: AbortSignal,
): Promise<PromiseSettledResult<TrialResult>[]> {
  return inTrialFolder(async (directory) => {
    const joining = trials.map((trial) => {
      const seen = new Seen();
      const joined = deferred<Joined>();
      const ended = deferred<TrialResult>();
      const result = inRunScope(parts.container, trialScope(parts, trial, { directory, seen, signal }), (scope) => {
        joined.resolve({ trial, scope, seen });
        return ended.promise;
      });
      result.catch((error: unknown) => joined.reject(error));
      return { joined, ended, result };
    });
    const found = await Promise.allSettled(joining.map(({ joined }) => joined.promise));
    const stack = found.flatMap((each, i) =>
      each.status === 'fulfilled' ? [{ ...each.value, ended: joining[i]!.ended }] : [],
    );
    try {
      const ends = await trainStacked(parts, stack, directory);
      stack.forEach(({ ended }, i) => ended.settle(ends[i]!));
    } catch (error) {
      for (const { ended } of stack) ended.reject(endedBy(signal, error));
    }
    return Promise.allSettled(joining.map(({ result }) => result));
  });
}

async function trainStacked(
  { registries, sources }: TrialParts,
  stack: readonly Joined[],
  directory: string,
): Promise<PromiseSettledResult<TrialResult>[]> {
  const [first] = stack;
  if (!first) return [];
  const begun = performance.now();
  const lease = sources.lease(first.trial.planned.transfer.source);
  const transferOf = ({ trial }: Joined) => ({
    ...trial.planned.transfer,
    directory,
    source: lease.source,
    resumable: false,
  });
  for (const { scope, trial } of stack) await announcePlan(scope.events, trial.planned);
  const opened = await first.scope.container.resolve(Trainer).open(transferOf(first));
  lease.unaltered();
  const runs: Run[] = [opened];
  try {
    for (const joined of stack.slice(1)) runs.push(await openBeside(opened, transferOf(joined), joined.scope.events));
    const uses = runs.map((run, i) => ({ run, tests: domainsOf(stack[i]!.trial).map(({ samples }) => samples) }));
    const ends = await trainTogether(uses);
    const total = (performance.now() - begun) / 1000 / stack.length;
    const done = { total, together: stack.length };
    return await Promise.allSettled(
      stack.map(async ({ trial, seen }, i) => {
        const judged = judgedOrThrow(ends[i]!);
        return trialResult(runs[i]!, trial, { formats: registries.formats, seen, judged }, done);
      }),
    );
  } finally {
    for (const { model } of runs.slice(1)) disposeHead(model);
    opened.model.dispose();
    opened.teacher?.dispose();
  }
}

/** The error that ends all trials, an interruption where the signal asks for one. */
function endedBy(signal: AbortSignal, error: unknown): unknown {
  if (!signal.aborted || error !== signal.reason) return error;
  return interrupted({ directory: '', resumable: false }, 'while heads were trained together', error);
}

function judgedOrThrow(end: StackedEnd) {
  if ('error' in end) throw end.error;
  return end.judged;
}
