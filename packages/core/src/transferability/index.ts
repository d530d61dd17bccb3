export { gbc } from './bhattacharyya.ts';
export { hScore, regularisedHScore } from './h-score.ts';
export type { Labelled, SourcePredictions } from './labelled.ts';
export { probeAccuracy, type ProbeAccuracy } from './linear-probe.ts';
export { logME } from './log-me.ts';
export type { Matrix } from './matrix.ts';
export { nearestNeighbourAccuracy } from './nearest-neighbour.ts';
export { leep, nce } from './source-class-scores.ts';
export { transRate } from './trans-rate.ts';
