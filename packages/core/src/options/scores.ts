/** Transferability scores of features, by name. */
export const FEATURE_SCORES = [
  'probe',
  'nearest-neighbour',
  'logme',
  'h-score',
  'regularised-h-score',
  'transrate',
  'gbc',
] as const;

/** Those of what a source's own classifier says, which a source without one does not have. */
export const PREDICTION_SCORES = ['leep', 'nce'] as const;

/** The name of a transferability score. Of each, larger is better. */
export type Score = (typeof FEATURE_SCORES)[number] | (typeof PREDICTION_SCORES)[number];

/** All of them. */
export const SCORES: readonly Score[] = [...FEATURE_SCORES, ...PREDICTION_SCORES];

/**
 * The one that is taken where none is asked for, fixed before any was measured: the accuracy of a probe is what a linear head
 * would reach, in a unit that everyone reads, and others' scores have to beat it.
 */
export const DEFAULT_SCORE = 'probe' satisfies Score;
