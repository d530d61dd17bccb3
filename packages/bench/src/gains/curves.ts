import type { ComparedMetric, MetricsByTask } from '../statistics/scored-cell.ts';
import { scoreOf } from '../statistics/scored-cell.ts';
import type { GainCell } from './gains.ts';
import type { CurvePoint } from './reached.ts';

/** Training samples against test score, of the cells of one seed. */
export function sampleCurve(cells: readonly GainCell[], metrics: MetricsByTask): CurvePoint[] {
  return cells.flatMap((cell): CurvePoint[] => {
    const score = scoreOf(cell, metrics);
    const samples = cell.samples['train'];
    return score === undefined || !samples ? [] : [[samples, towardsMore(score, metrics[cell.task]!)]];
  });
}

/** Epochs, or seconds of training, against validation score, over all phases of a cell. */
export function trainingCurve(cell: GainCell, metric: ComparedMetric, cost: 'epochs' | 'seconds'): CurvePoint[] {
  let spent = 0;
  return cell.history.flatMap(({ seconds, validation }): CurvePoint[] => {
    spent += cost === 'epochs' ? 1 : seconds;
    const score = validation?.[metric.name];
    return score === undefined || !Number.isFinite(score) ? [] : [[spent, towardsMore(score, metric)]];
  });
}

/** The score turned so that more is better. */
export function towardsMore(score: number, { better }: ComparedMetric): number {
  return better === 'higher' ? score : -score;
}
