import { PREDICTION_SCORES, type FEATURE_SCORES, type Score } from '../options/scores.ts';
import { gbc } from './bhattacharyya.ts';
import { hScore, regularisedHScore } from './h-score.ts';
import type { Labelled, SourcePredictions } from './labelled.ts';
import { probeAccuracy } from './linear-probe.ts';
import { logME } from './log-me.ts';
import { nearestNeighbourAccuracy } from './nearest-neighbour.ts';
import { leep, nce } from './source-class-scores.ts';
import { transRate } from './trans-rate.ts';

type PredictionScore = (typeof PREDICTION_SCORES)[number];

const ofFeatures: Record<(typeof FEATURE_SCORES)[number], (given: Labelled) => number> = {
  probe: (given) => probeAccuracy(given).accuracy,
  'nearest-neighbour': nearestNeighbourAccuracy,
  logme: logME,
  'h-score': hScore,
  'regularised-h-score': (given) => regularisedHScore(given).score,
  transrate: transRate,
  gbc,
};

const ofPredictions: Record<PredictionScore, (given: SourcePredictions) => number> = { leep, nce };

/** Whether a score is of a source's own predictions, which needs a source with a classifier. */
export function needsPredictions(score: Score): score is PredictionScore {
  return (PREDICTION_SCORES as readonly Score[]).includes(score);
}

/** What a candidate is scored by. */
export type Scored = Labelled & Pick<Partial<SourcePredictions>, 'probabilities'>;

/** The value of a score; undefined where it needs predictions and there are none. */
export function scoreOf(score: Score, { probabilities, ...labelled }: Scored): number | undefined {
  if (!needsPredictions(score)) return ofFeatures[score](labelled);
  return probabilities && ofPredictions[score]({ ...labelled, probabilities });
}
