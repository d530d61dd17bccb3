import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../domains/target-domain.ts';
import type { ClassificationEvidence, Evidence } from '../metrics/metric.ts';
import { expectedCalibrationError, logLosses } from '../metrics/probability-scores.ts';
import { fitTemperature, tempered } from '../metrics/temperature.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Calibration, CalibrationError } from '../runs/answering.ts';
import type { Run } from './run.ts';
import { judge, type SplitMetrics } from './split-evaluation.ts';
import type { Transfer } from './transfer.ts';

/** @throws HeadstartError `not-supported`, `invalid-option` where a temperature is asked for and there can be none */
export function checkCalibration<S extends Sample>(transfer: Transfer<S>, { head }: TransferModel): void {
  const { task, target, calibrate } = transfer;
  if (calibrate !== 'temperature') return;
  if (target.splits.validation.length === 0) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: 'A temperature is fitted on the validation split, and there is none.',
      hint: 'Give a share to it with --split, or leave out --calibrate temperature.',
    });
  }
  if (head.scaleLogits && task.evaluator(target.labels).evidence?.().kind === 'classification') return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The task "${task.id}" cannot be calibrated by a temperature: that is for models that pick one of several classes.`,
    hint: 'Leave out --calibrate temperature.',
  });
}

/**
 * Fits a temperature on the validation split and makes it part of the model's head, where that is asked for. Undefined
 * where none was: also where the samples do not tell one.
 */
export async function calibrate<S extends Sample>(
  run: Run<S>,
): Promise<{ readonly temperature: number; readonly samples: number } | undefined> {
  const { transfer, model } = run;
  const { validation } = transfer.target.splits;
  if (transfer.calibrate !== 'temperature' || !model.head.scaleLogits) return undefined;
  const evidence = classified((await judge(run, validation, { intervals: false })).evidence);
  const temperature = evidence && fitTemperature(evidence);
  if (temperature === undefined) {
    await run.warnOnce(
      'No temperature was fitted: the validation samples tell none, being all right, or no better than guessed.',
    );
    return undefined;
  }
  model.head.scaleLogits(1 / temperature);
  return { temperature, samples: validation.length };
}

/** What a temperature did to each split that the calibrated model was judged on. */
export function calibrationOf(
  { temperature, samples }: { readonly temperature: number; readonly samples: number },
  { evidence }: Pick<SplitMetrics, 'evidence'>,
): Calibration {
  const splits: Record<string, Calibration['splits'][string]> = {};
  for (const [split, judged] of Object.entries(evidence)) {
    const after = classified(judged);
    if (after) splits[split] = { before: errorsOf(tempered(after, 1 / temperature)), after: errorsOf(after) };
  }
  return { method: 'temperature', temperature, samples, splits };
}

function classified(evidence: Evidence | undefined): ClassificationEvidence | undefined {
  return evidence?.kind === 'classification' ? evidence.evidence : undefined;
}

function errorsOf(evidence: ClassificationEvidence): CalibrationError {
  const losses = logLosses(evidence);
  return {
    ece: expectedCalibrationError(evidence),
    nll: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
  };
}
