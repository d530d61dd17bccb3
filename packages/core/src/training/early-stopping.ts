import type { EpochInfo } from '../runs/events.ts';
import { improvement, type Monitor } from './epoch-choice.ts';

/**
 * Ends a phase when the validation split has shown no improvement for `patience` epochs: of the monitored metric, or of the
 * loss where the metric stays the same (Prechelt, 1998, "Early stopping - but when?"). A handler of `epochEnd`.
 */
export function earlyStopping(monitor: Monitor, patience: number) {
  return (_epoch: EpochInfo, history: readonly EpochInfo[]): 'stop' | undefined => {
    let best: EpochInfo['validation'];
    let bestAt = -1;
    history.forEach(({ validation }, i) => {
      if (!improvement(monitor, validation, best)) return;
      best = validation;
      bestAt = i;
    });
    return best !== undefined && history.length - 1 - bestAt >= patience ? 'stop' : undefined;
  };
}
