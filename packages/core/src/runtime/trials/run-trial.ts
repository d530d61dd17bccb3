import type { DependencyContainer } from 'tsyringe';
import type { Registries } from '../../plugins/registries.ts';
import type { TrialResult } from '../../runs/trial.ts';
import { untouchedStages, type Run } from '../../training/run.ts';
import { judge, type Judged } from '../../training/split-evaluation.ts';
import { Trainer } from '../../training/trainer.ts';
import { announcePlan, stoppersOf } from '../announce-plan.ts';
import { inRunScope, type RunScopeOptions } from '../run-scope.ts';
import type { OpenSources } from './open-sources.ts';
import { inTrialFolder } from './trial-folder.ts';
import { domainsOf, Seen, trialResult, type ReadyTrial } from './trial-result.ts';

/** What running trials works with. */
export interface TrialParts {
  readonly container: DependencyContainer;
  readonly registries: Registries;
  readonly sources: OpenSources;
}

/** Trains the transfer in a folder that is gone afterwards, and judges its model. */
export function runTrial(parts: TrialParts, trial: ReadyTrial, signal: AbortSignal): Promise<TrialResult> {
  const { container, registries, sources } = parts;
  const { planned, begun } = trial;
  return inTrialFolder((directory) => {
    const lease = sources.lease(planned.transfer.source);
    const transfer = { ...planned.transfer, directory, source: lease.source, resumable: false };
    const seen = new Seen();
    return inRunScope(container, trialScope(parts, trial, { directory, seen, signal }), async (scope) => {
      await announcePlan(scope.events, planned);
      return scope.container.resolve(Trainer).train(transfer, async (trained) => {
        if (leavesSource(trained)) lease.unaltered();
        const judged: Judged[] = [];
        for (const { samples } of domainsOf(trial)) judged.push(await judge(trained, samples));
        const done = { total: (performance.now() - begun) / 1000, together: 1 };
        return trialResult(trained, trial, { formats: registries.formats, seen, judged }, done);
      });
    });
  });
}

/** The scope of a trial's run. */
export function trialScope(
  { registries }: Pick<TrialParts, 'registries'>,
  { request: { tests }, planned: { transfer, request } }: ReadyTrial,
  { directory, seen, signal }: { readonly directory: string; readonly seen: Seen; readonly signal: AbortSignal },
): RunScopeOptions {
  return {
    run: {
      runId: transfer.runId,
      directory,
      request: { ...request, out: directory },
      tests: tests.map(({ target }) => target),
    },
    handlers: [...stoppersOf(transfer), seen.events],
    subscribers: registries.subscribers,
    signal,
  };
}

/** Whether the backbone is the published one still. */
function leavesSource(run: Run): boolean {
  const { model, phases } = run;
  return untouchedStages(run, phases.length - 1) >= model.backbone.stages.length && model.adapters === undefined;
}
