import { HeadstartError } from '@headstart/artifacts/errors';
import type { TrialResult } from '@headstart/core/trials';
import type { PlannedCell } from '../plan/bench-plan.ts';
import type { BenchRecord } from '../records/bench-record.ts';
import { PREDICTIONS_FILE } from '../records/record-file.ts';
import { writePredictions } from '../records/predictions.ts';
import { cellIdentity, identityDigest, sealRecord, sha256 } from '../records/record-digest.ts';

/** A record ready to be published. */
export interface MadeRecord {
  readonly record: BenchRecord;
  readonly predictions?: Uint8Array;
}

/** Which trial a cell's record is of. */
export interface DoneTrial {
  readonly result: TrialResult;
  /** Which of its tests the cell is. */
  readonly test: number;
  /** Ids of the cells of all trials that were trained in one go, trial by trial. */
  readonly stack?: readonly (readonly string[])[];
}

/**
 * The record of a cell that was run.
 * @throws HeadstartError `record-invalid` where a number is not finite; `resume-mismatch` where the data are not those of the plan
 */
export function doneRecord(
  { coordinates, id, identity, task }: PlannedCell,
  { result, test, stack }: DoneTrial,
): MadeRecord {
  if (identityDigest(cellIdentity(result.identity, test)) !== id) throw changed();
  const outcome = result.outcomes[test]!;
  const { items, ids, digests } = outcome;
  const predictions = items && writePredictions({ ids, digests, items });
  const record = sealRecord({
    format: 1,
    id,
    coordinates,
    task,
    identity,
    state: 'done',
    samples: {
      ...result.samples,
      judged: outcome.samples,
      ...(outcome.trainedOn > 0 && { judgedAndTrained: outcome.trainedOn }),
    },
    metrics: outcome.metrics,
    intervals: outcome.intervals,
    ...(result.onTraining && { training: result.onTraining.metrics }),
    history: result.history,
    choices: result.choices,
    warnings: result.warnings,
    ...(predictions && {
      predictions: { file: PREDICTIONS_FILE, sha256: sha256(predictions), rows: ids.length } as const,
    }),
    environment: result.environment,
    measured: { ...measuredOf(result, test), ...(result.together > 1 && stack && { stack }) },
  });
  return { record, predictions };
}

/** A trial's cost: its time is shared evenly by its tests, its features are counted with the first. */
function measuredOf(result: TrialResult, test: number): BenchRecord['measured'] {
  const share = (seconds: number) => seconds / result.outcomes.length;
  const { total, features, training, evaluation } = result.seconds;
  return {
    seconds: {
      total: share(total),
      features: share(features),
      training: share(training),
      evaluation: share(evaluation),
    },
    memory: result.memory,
    features: test === 0 ? result.features : { computed: 0, reused: 0 },
    together: result.together,
    finished: new Date().toISOString(),
  };
}

function changed(): HeadstartError {
  return new HeadstartError({
    code: 'resume-mismatch',
    message:
      'What determines the cell is not what it was when it was planned: its data or weights have changed meanwhile.',
    hint: 'Leave the data alone while a benchmark runs, and run it again with --resume.',
  });
}

/** The record of a cell that failed: tried again only where that is asked for. */
export function failedRecord(
  { coordinates, id, identity, task }: PlannedCell,
  { code, message, hint }: HeadstartError,
  seconds: number,
): MadeRecord {
  const record = sealRecord({
    format: 1,
    id,
    coordinates,
    task,
    identity,
    state: 'failed',
    error: { code, message, hint },
    samples: {},
    metrics: {},
    intervals: {},
    history: [],
    choices: [],
    warnings: [],
    measured: {
      seconds: { total: seconds, features: 0, training: 0, evaluation: 0 },
      memory: process.memoryUsage.rss(),
      features: { computed: 0, reused: 0 },
      together: 1,
      finished: new Date().toISOString(),
    },
  });
  return { record };
}
