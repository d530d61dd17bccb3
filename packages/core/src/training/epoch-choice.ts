import { choosesByFeatures, choosesByValidation, type Selection } from '../options/criteria.ts';
import type { EpochChoice, EpochInfo } from '../runs/events.ts';

/** Which of the validation metrics tells epochs apart, and which way. */
export interface Monitor {
  readonly metric: string;
  readonly mode: 'max' | 'min';
}

/** The name under which an epoch's validation metrics hold the task's loss on the validation split. */
export const VALIDATION_LOSS = 'loss';

/**
 * Validation splits smaller than this are not chosen by: their accuracy goes up and down by chance more than by what an
 * epoch learns, and the last epoch is the better guess (`npm run measure -- choosing`).
 */
export const LEAST_TO_CHOOSE_BY = 50;

/** Whether a validation split of so many samples tells epochs apart. */
export function canChooseBy(samples: number): boolean {
  return samples >= LEAST_TO_CHOOSE_BY;
}

type Scores = Readonly<Record<string, number>> | undefined;

/**
 * How much better some epoch's validation metrics are than another's: by `metric`, by `loss` where the metric is the
 * same, or not at all. Metrics without the monitored one never are; any are better than those.
 */
export function improvement({ metric, mode }: Monitor, scores: Scores, best: Scores): 'metric' | 'loss' | undefined {
  const value = scores?.[metric];
  if (value === undefined || Number.isNaN(value)) return undefined;
  const known = best?.[metric];
  if (known === undefined || Number.isNaN(known)) return 'metric';
  if (value !== known) return (mode === 'max' ? value > known : value < known) ? 'metric' : undefined;
  const [loss, least] = [scores![VALIDATION_LOSS], best![VALIDATION_LOSS]];
  return loss !== undefined && least !== undefined && loss < least ? 'loss' : undefined;
}

/** Whether an epoch takes the place of the best one before it: it is better, or as good and later. */
export function supersedes(monitor: Monitor, scores: Scores, best: Scores): boolean {
  if (improvement(monitor, scores, best)) return true;
  return scores?.[monitor.metric] !== undefined && best !== undefined && !improvement(monitor, best, scores);
}

/** The best epoch so far, by its numbers on validation or on unlabelled samples: none where the metric is missing. */
export function bestOf(
  monitor: Monitor,
  history: readonly EpochInfo[],
  of: 'validation' | 'unlabelled' = 'validation',
): EpochInfo | undefined {
  let best: EpochInfo | undefined;
  for (const epoch of history) if (supersedes(monitor, epoch[of], best?.[of])) best = epoch;
  return best;
}

/** The epoch of a phase that a criterion of unlabelled samples chooses, the later one of those that are alike in it. */
export function chooseByCriterion(monitor: Monitor, history: readonly EpochInfo[], samples: number): EpochChoice {
  if (!canChooseBy(samples)) return lastEpoch(history, tooFew(samples, 'unlabelled'));
  const best = bestOf(monitor, history, 'unlabelled');
  if (!best) return lastEpoch(history, `no epoch has a value of ${monitor.metric}${wanting(monitor.metric)}`);
  const value = best.unlabelled![monitor.metric]!.toFixed(4);
  const why = `the best by ${monitor.metric} of ${samples} unlabelled samples, ${value}`;
  return { phase: best.phase, epoch: best.epoch, of: history.length, by: 'criterion', why };
}

/** What a criterion takes that was not there, a clause in brackets. */
function wanting(metric: string): string {
  if (choosesByValidation(metric as Selection))
    return ` (which takes ${LEAST_TO_CHOOSE_BY} validation samples, and features that are one vector each)`;
  return choosesByFeatures(metric as Selection) ? ' (which takes features that are one vector each)' : '';
}

function tooFew(samples: number, kind: string): string {
  return `${samples} ${kind} ${samples === 1 ? 'sample is' : 'samples are'} too few to choose by (${LEAST_TO_CHOOSE_BY} at least)`;
}

/** The last epoch of a phase, which is kept because the others cannot be compared with it. @param why a clause */
export function lastEpoch(history: readonly EpochInfo[], why: string): EpochChoice {
  const { phase, epoch } = history.at(-1)!;
  return { phase, epoch, of: history.length, by: 'last', why: `the last one: ${why}` };
}

/**
 * The epoch of a phase whose weights are kept, and why.
 * @param history the phase's epochs
 * @param samples in the validation split
 */
export function chooseEpoch(monitor: Monitor, history: readonly EpochInfo[], samples: number): EpochChoice {
  const last = history.at(-1)!;
  const { metric } = monitor;
  const chosen = (epoch: EpochInfo, by: EpochChoice['by'], why: string): EpochChoice => {
    return { phase: last.phase, epoch: epoch.epoch, of: history.length, by, why };
  };
  if (samples === 0) return lastEpoch(history, 'there is no validation split to choose by');
  const watched = history.filter(({ validation }) => validation !== undefined);
  if (watched.length === 0) return lastEpoch(history, 'the phase learns what cannot be validated');
  if (!canChooseBy(samples)) return lastEpoch(history, tooFew(samples, 'validation'));
  const best = bestOf(monitor, history);
  if (!best) return chosen(last, 'last', `the last one: no epoch has a validation ${metric}`);
  const value = best.validation![metric];
  const equal = watched.filter(({ validation }) => validation![metric] === value);
  const found = `validation ${metric} ${value!.toFixed(4)}`;
  if (equal.length === 1) return chosen(best, 'metric', `the best by ${found}`);
  const loss = best.validation![VALIDATION_LOSS];
  const alike = equal.filter(({ validation }) => validation![VALIDATION_LOSS] === loss);
  return loss !== undefined && alike.length === 1
    ? chosen(best, 'loss', `of ${equal.length} with ${found} the one of least validation loss, ${loss.toFixed(4)}`)
    : chosen(best, 'later', `the last of ${alike.length} with ${found}`);
}
