import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DependencyContainer } from 'tsyringe';
import { storageError } from '@headstart/artifacts/errors';
import type { Registries } from '../../plugins/registries.ts';
import type { RunEvents } from '../../runs/events.ts';
import type { TrialIdentity, TrialOutcome, TrialRequest, TrialResult } from '../../runs/trial.ts';
import { untouchedStages, type Run } from '../../training/run.ts';
import { Trainer } from '../../training/trainer.ts';
import { announcePlan, stoppersOf } from '../announce-plan.ts';
import { inRunScope } from '../run-scope.ts';
import { outcomeOf } from './judge-trial.ts';
import type { OpenSources } from './open-sources.ts';
import type { PlannedTrial } from './plan-trial.ts';

/** What running trials works with. */
export interface TrialParts {
  readonly container: DependencyContainer;
  readonly registries: Registries;
  readonly sources: OpenSources;
}

/** A trial that is ready to run. */
export interface ReadyTrial extends PlannedTrial {
  readonly request: TrialRequest;
  readonly identity: TrialIdentity;
  /** When work on it began, by `performance.now()`. */
  readonly begun: number;
}

/** Trains the transfer in a folder that is gone afterwards, and judges its model. */
export async function runTrial(parts: TrialParts, trial: ReadyTrial, signal: AbortSignal): Promise<TrialResult> {
  const directory = await newFolder();
  try {
    return await trainAndJudge(parts, trial, directory, signal);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function trainAndJudge(
  { container, registries, sources }: TrialParts,
  { request, planned, tests, identity, begun }: ReadyTrial,
  directory: string,
  signal: AbortSignal,
): Promise<TrialResult> {
  const { runId, target } = planned.transfer;
  const lease = sources.lease(planned.transfer.source);
  const transfer = { ...planned.transfer, directory, source: lease.source, resumable: false };
  const seen = new Seen();
  const run = { runId, directory, request: { ...planned.request, out: directory } };
  const handlers = [...stoppersOf(transfer), seen.events];
  return inRunScope(container, { run, handlers, subscribers: registries.subscribers, signal }, async (scope) => {
    await announcePlan(scope.events, planned);
    return scope.container.resolve(Trainer).train(transfer, async (trained) => {
      if (leavesSource(trained)) lease.unaltered();
      const outcomes: TrialOutcome[] = [];
      for (const [i, samples] of tests.entries())
        outcomes.push(await outcomeOf(trained, registries.formats, request.tests[i]!.target, samples));
      const own = { samples: target.splits.train, split: 'train' } as const;
      const onTraining = request.onTraining
        ? await outcomeOf(trained, registries.formats, request.transfer.target, own)
        : undefined;
      const metrics = Object.fromEntries(outcomes.map((outcome) => [outcome.target, outcome.metrics]));
      await scope.events.emit('runEnd', { metrics, model: directory });
      return {
        identity,
        choices: planned.choices,
        warnings: [...planned.reading.warnings.map(({ message }) => message), ...seen.warnings],
        samples: samplesOf(trained),
        outcomes,
        ...(onTraining && { onTraining }),
        history: trained.state.history,
        features: seen.features,
        seconds: { total: (performance.now() - begun) / 1000, ...trained.state.seconds },
        memory: 1024 * process.resourceUsage().maxRSS,
        together: 1,
      };
    });
  });
}

/** What a run tells that its trial's result holds. */
class Seen {
  readonly warnings: string[] = [];
  readonly features = { computed: 0, reused: 0 };

  readonly events: Partial<RunEvents> = {
    warning: (message) => void this.warnings.push(message),
    features: ({ computed, reused }) => {
      this.features.computed += computed;
      this.features.reused += reused;
    },
  };
}

/** Whether the backbone is the published one still. */
function leavesSource(run: Run): boolean {
  const { model, phases } = run;
  return untouchedStages(run, phases.length - 1) >= model.backbone.stages.length && model.adapters === undefined;
}

function samplesOf({ transfer }: Run): Record<string, number> {
  const { splits, unlabelled } = transfer.target;
  return {
    train: splits.train.length,
    validation: splits.validation.length,
    test: splits.test.length,
    ...(unlabelled && { unlabelled: unlabelled.length }),
  };
}

async function newFolder(): Promise<string> {
  const prefix = join(tmpdir(), 'headstart-trial-');
  try {
    return await mkdtemp(prefix);
  } catch (error) {
    throw storageError('create a folder for a trial', prefix, error);
  }
}
