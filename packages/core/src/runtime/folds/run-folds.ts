import { fingerprintOf } from '../../domains/fingerprint.ts';
import { dealFolds } from '../../domains/folds.ts';
import { groupsOf, listOf } from '../../domains/groups.ts';
import { datasetOf } from '../../domains/splits.ts';
import type { Sample } from '../../domains/target-domain.ts';
import { RandomStream } from '../../random/random-stream.ts';
import type { CrossValidation, OutOfFoldRow } from '../../runs/cross-validation.ts';
import type { TrialResult } from '../../runs/trial.ts';
import type { PlannedTransfer } from '../plan-transfer.ts';
import type { ModelServices } from '../trained-model.ts';
import { identifyTrial } from '../trials/identify-trial.ts';
import { runTogether } from '../trials/run-together.ts';
import type { TrialParts } from '../trials/run-trial.ts';
import type { ReadyTrial } from '../trials/trial-result.ts';
import type { Folding } from './folding.ts';
import { foldMetrics } from './fold-metrics.ts';
import { outOfFoldRows } from './out-of-fold.ts';

/** What a transfer came to over its folds. */
export interface FoldedResult {
  readonly crossValidation: CrossValidation;
  readonly outOfFold: readonly OutOfFoldRow[];
}

/**
 * Judges a planned transfer, all of whose samples are to be trained on, by cross-validation: a model a fold, trained as
 * the transfer is on the samples of the other folds, and judged on those of its own. What is frozen is computed once per
 * sample; heads of equally many samples are trained together where they can be.
 * @throws HeadstartError as `dealFolds` and training do
 */
export async function runFolds(
  parts: TrialParts,
  services: ModelServices,
  planned: PlannedTransfer,
  { folds, repeats }: Folding,
  signal: AbortSignal,
): Promise<FoldedResult> {
  const { target, seed } = planned.transfer;
  const samples = listOf(target.splits.train);
  const groups = groupsOf(samples, planned.transfer.groupBy);
  const splits = Array.from({ length: repeats }, (_, repeat) => {
    const dealt = dealFolds(samples, target.labels, folds, new RandomStream(seed).child('folds', repeat), groups);
    return Array.from({ length: folds }, (_fold, fold) => foldOf(planned, samples, (i) => dealt[i] === fold));
  }).flat();
  const ends = await runTogether(
    parts,
    services,
    splits.map((fold) => () => readyFold(services, fold)),
    signal,
  );
  const outcomes = ends.map((end) => {
    if ('error' in end) throw end.error;
    return outcomeOf(end.result);
  });
  return {
    crossValidation: {
      folds,
      repeats,
      metrics: foldMetrics(
        outcomes.map(({ metrics }) => metrics),
        folds,
      ),
    },
    outOfFold: outcomes.flatMap((outcome, i) => outOfFoldRows(outcome, Math.floor(i / folds) + 1, (i % folds) + 1)),
  };
}

/** The transfer of a fold, as long as is usual for its own samples, and with the weights that follow from them. */
function foldOf(planned: PlannedTransfer, samples: readonly Sample[], judged: (i: number) => boolean): PlannedTransfer {
  const { target } = planned.transfer;
  const train = samples.filter((_, i) => !judged(i));
  const test = samples.filter((_, i) => judged(i));
  const fingerprint = fingerprintOf(target.labels, { train, validation: [], test });
  const splits = { train: datasetOf(train), validation: datasetOf<Sample>([]), test: datasetOf(test) };
  const { labelled, ...others } = target;
  const own = { ...others, splits, fingerprint, ...(labelled !== undefined && { labelled: fingerprint }) };
  const { lossWeights, ...length } = planned.learningFrom(own);
  return {
    ...planned,
    request: { ...planned.request, ...length },
    transfer: { ...planned.transfer, ...length, lossWeights, target: own },
  };
}

async function readyFold(services: ModelServices, planned: PlannedTransfer): Promise<ReadyTrial> {
  const begun = performance.now();
  const { target } = planned.request;
  const trial = { planned, tests: [{ samples: planned.transfer.target.splits.test, split: 'test' as const }] };
  const { out: _own, ...transfer } = planned.request;
  return {
    ...trial,
    request: { transfer, tests: [{ target }] },
    identity: await identifyTrial(services, trial),
    begun,
  };
}

function outcomeOf({ outcomes: [outcome] }: TrialResult) {
  return outcome!;
}
