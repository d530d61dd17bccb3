import type { EpochInfo } from '../runs/events.ts';

export interface Monitor {
  readonly metric: string;
  readonly mode: 'max' | 'min';
}

/** Whether a value is better than the best so far; a value that is not a number never is. */
export function improves(monitor: Monitor, value: number, best: number | undefined): boolean {
  if (Number.isNaN(value)) return false;
  if (best === undefined) return true;
  return monitor.mode === 'max' ? value > best : value < best;
}

/**
 * Ends a phase when the monitored validation metric has not improved for `patience` epochs
 * (Prechelt, 1998, "Early stopping - but when?"). A handler of `epochEnd`.
 */
export function earlyStopping(monitor: Monitor, patience: number) {
  return (_epoch: EpochInfo, history: readonly EpochInfo[]): 'stop' | undefined => {
    let best: number | undefined;
    let bestAt = -1;
    history.forEach(({ validation }, i) => {
      const value = validation?.[monitor.metric];
      if (value !== undefined && improves(monitor, value, best)) {
        best = value;
        bestAt = i;
      }
    });
    return best !== undefined && history.length - 1 - bestAt >= patience ? 'stop' : undefined;
  };
}
