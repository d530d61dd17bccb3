import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample, TargetData } from '../domains/target-domain.ts';
import { namedValues, onOff, text, wholeNumber } from '../options/value-kinds.ts';
import type { Task } from '../tasks/task.ts';
import { checkModelModality } from './check-modality.ts';
import { checkOptions } from './check-options.ts';
import type { PredictedSample, PredictOutcome, PredictTargetOptions } from './headstart.ts';
import { readTarget } from './read-target.ts';
import type { ModelServices } from './trained-model.ts';

const OPTIONS = {
  reader: text,
  readerOptions: namedValues,
  skipBad: onOff,
  batchSize: wholeNumber(1),
} satisfies Record<keyof PredictTargetOptions, unknown>;

/** Samples whose predictions are held until those before them are there. */
const WINDOW = 1024;

/** Reads data whose samples are to be predicted, labelled or not. @throws HeadstartError as reading does */
export async function readToPredict(
  services: ModelServices,
  task: Task,
  target: string,
  options: PredictTargetOptions,
): Promise<TargetData> {
  checkTarget('predictTarget', target);
  checkOptions('predictTarget', OPTIONS, options);
  const { reader, readerOptions = {}, skipBad = false } = options;
  const request = { target, reader, task: task.id, truth: false };
  const reading = { skipBad, withoutLabels: true, options: readerOptions, progress: services.progress };
  const { data } = await readTarget(services, request, reading);
  checkModelModality(task, data, target);
  return data;
}

/** @throws HeadstartError `invalid-option` for what names no data */
export function checkTarget(method: string, target: unknown): void {
  if (typeof target === 'string' && target !== '') return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${method} was given ${target === '' ? 'an empty text' : `a value of type ${typeof target}`} for its data.`,
    hint: 'Give the path of a file or a folder, or the name of a data set.',
  });
}

/**
 * The samples of data with what came of each, in their order; those that could not even be read come last.
 * @param outcomesOf what comes of samples, in their order
 */
export async function* predictedSamples<Prediction>(
  task: Task,
  { samples, skipped, labels }: TargetData,
  outcomesOf: (samples: readonly Sample[]) => Promise<readonly PredictOutcome<Prediction>[]>,
): AsyncGenerator<PredictedSample<Prediction>, void, void> {
  for (let start = 0; start < samples.length; start += WINDOW) {
    const some = samples.slice(start, start + WINDOW).map(({ sample }) => sample);
    const outcomes = await outcomesOf(some);
    for (const [i, sample] of some.entries()) {
      const texts = task.view?.(sample).texts;
      const truth = truthOf(sample, labels);
      yield { id: sample.id, ...(texts && { texts }), ...(truth !== undefined && { truth }), ...outcomes[i]! };
    }
  }
  for (const { id, reason } of skipped) {
    const message = `${id}: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`;
    yield { id, error: new HeadstartError({ code: 'sample-unreadable', message, hint: 'Correct or remove it.' }) };
  }
}

function truthOf(
  { label, labels: several, score }: Sample,
  labels: readonly string[],
): PredictedSample<never>['truth'] {
  if (label !== undefined) return labels[label];
  return several ? several.map((each) => labels[each]!) : score;
}
