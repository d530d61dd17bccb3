/** Criteria of what a model predicts for the samples that it adapts to, by name. Of each, larger is taken for better. */
export const UNLABELLED_CRITERIA = [
  'certainty',
  'information-maximisation',
  'nuclear-norm',
  'soft-neighbourhood-density',
] as const;

/** The name of a criterion that needs no labels. */
export type UnlabelledCriterion = (typeof UNLABELLED_CRITERIA)[number];

/** How the epoch is chosen that a phase keeps which adapts to unlabelled samples. */
export const SELECTIONS = ['last', 'source-validation', ...UNLABELLED_CRITERIA] as const;

/** The name of a way in which the epoch is chosen. */
export type Selection = (typeof SELECTIONS)[number];

/** Fixed before any was measured: what costs nothing, and errs by nothing but training too long. */
export const DEFAULT_SELECTION = 'last' satisfies Selection;
