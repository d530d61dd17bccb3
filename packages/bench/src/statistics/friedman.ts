import { fUpperTail } from '@headstart/core/statistics';
import { midranks } from './ranks.ts';
import { nemenyiConstant } from './studentised-range.ts';

/** Whether methods differ over domains, by their ranks in each. */
export interface FriedmanTest {
  /** Of each method, from 1 for the best in every domain. */
  readonly meanRanks: readonly number[];
  /** Friedman's statistic, with the correction for ties. */
  readonly chiSquare: number;
  /** Iman and Davenport's F of it (1980), less conservative, and its p; NaN where every domain ranks all alike. */
  readonly f: number;
  readonly p: number;
}

/** Friedman's test (1937) of scores `[domains][methods]`, higher is better. */
export function friedman(scores: readonly (readonly number[])[]): FriedmanTest {
  const domains = scores.length;
  const methods = scores[0]!.length;
  const ranks = scores.map((row) => midranks(row.map((score) => -score)));
  const meanRanks = Array.from({ length: methods }, (_, j) => ranks.reduce((sum, row) => sum + row[j]!, 0) / domains);
  const centre = (methods + 1) / 2;
  const between = domains * meanRanks.reduce((sum, rank) => sum + (rank - centre) ** 2, 0);
  const within = ranks.flat().reduce((sum, rank) => sum + (rank - centre) ** 2, 0) / (domains * (methods - 1));
  const chiSquare = between / within;
  const f = ((domains - 1) * chiSquare) / (domains * (methods - 1) - chiSquare);
  return { meanRanks, chiSquare, f, p: f === Infinity ? 0 : fUpperTail(f, methods - 1, (methods - 1) * (domains - 1)) };
}

/** How far apart two mean ranks must be to differ (Nemenyi, 1963; Demšar, 2006, "Statistical comparisons of classifiers over multiple data sets"). */
export function criticalDifference(methods: number, domains: number, alpha: number): number {
  return nemenyiConstant(methods, alpha) * Math.sqrt((methods * (methods + 1)) / (6 * domains));
}
