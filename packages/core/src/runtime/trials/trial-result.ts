import type { Dataset, Sample, SplitName } from '../../domains/target-domain.ts';
import type { RunEvents } from '../../runs/events.ts';
import type { TrialIdentity, TrialOutcome, TrialRequest, TrialResult } from '../../runs/trial.ts';
import type { Run } from '../../training/run.ts';
import type { Judged } from '../../training/split-evaluation.ts';
import type { PlannedTransfer } from '../plan-transfer.ts';
import { outcomeOf, type Formats } from './judge-trial.ts';
import type { PlannedTrial } from './plan-trial.ts';

/** A trial that is ready to run. */
export interface ReadyTrial extends PlannedTrial {
  readonly request: TrialRequest;
  readonly identity: TrialIdentity;
  /** When work on it began, by `performance.now()`. */
  readonly begun: number;
}

/** What a run tells that its trial's result holds. */
export class Seen {
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

/** Samples that a trial's model is judged on. */
export interface JudgedDomain {
  readonly target: string;
  readonly samples: Dataset<Sample>;
  readonly split: SplitName | 'all';
}

/** The trial's tests in their order, and then its own training samples where these are asked for. */
export function domainsOf({ request, planned, tests }: ReadyTrial): JudgedDomain[] {
  const judged = tests.map(({ samples, split }, i) => ({ target: request.tests[i]!.target, samples, split }));
  const { train } = planned.transfer.target.splits;
  return request.onTraining ? [...judged, { target: request.transfer.target, samples: train, split: 'train' }] : judged;
}

/**
 * What a trial came to; tells its run's subscribers that it has ended.
 * @param judged in the order of `domainsOf`
 */
export async function trialResult(
  trained: Run,
  trial: ReadyTrial,
  { formats, seen, judged }: { readonly formats: Formats; readonly seen: Seen; readonly judged: readonly Judged[] },
  { total, together }: { readonly total: number; readonly together: number },
): Promise<TrialResult> {
  const { identity, planned, tests } = trial;
  const all: TrialOutcome[] = [];
  for (const [i, domain] of domainsOf(trial).entries())
    all.push(await outcomeOf(trained, formats, domain.target, domain, judged[i]!));
  const outcomes = all.slice(0, tests.length);
  const onTraining = all[tests.length];
  const metrics = Object.fromEntries(outcomes.map((outcome) => [outcome.target, outcome.metrics]));
  await trained.events.emit('runEnd', { metrics, model: trained.transfer.directory });
  return {
    identity,
    choices: planned.choices,
    warnings: [...warningsOfData(planned), ...seen.warnings],
    samples: samplesOf(trained),
    outcomes,
    ...(onTraining && { onTraining }),
    history: trained.state.history,
    features: seen.features,
    seconds: { total, ...trained.state.seconds },
    memory: 1024 * process.resourceUsage().maxRSS,
    together,
    environment: trained.backend.details,
  };
}

/** What looks wrong in the labelled samples and in those to adapt to. */
function warningsOfData({ reading: { warnings, unlabelled } }: PlannedTransfer): string[] {
  return [...warnings, ...(unlabelled?.warnings ?? [])].map(({ message }) => message);
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
