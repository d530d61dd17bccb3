/** Criteria of what a model predicts for the samples that it adapts to, by name. Of each, larger is taken for better. */
export const PREDICTION_CRITERIA = [
  'certainty',
  'information-maximisation',
  'nuclear-norm',
  'soft-neighbourhood-density',
] as const;

/** Criteria of unlabelled samples' features as well. */
export const FEATURE_CRITERIA = ['class-agreement'] as const;

/** Criteria of labelled validation samples, which count as much as there are unlabelled ones like them. */
export const VALIDATION_CRITERIA = ['importance-weighted-validation', 'deep-embedded-validation'] as const;

/** Every criterion of an epoch that needs no label of the unlabelled domain, by name. Of each, larger is taken for better. */
export const UNLABELLED_CRITERIA = [...PREDICTION_CRITERIA, ...FEATURE_CRITERIA, ...VALIDATION_CRITERIA] as const;

/** The name of a criterion that needs no labels of the unlabelled domain. */
export type UnlabelledCriterion = (typeof UNLABELLED_CRITERIA)[number];

/** How the epoch is chosen that a phase keeps which adapts to unlabelled samples. */
export const SELECTIONS = ['last', 'source-validation', ...UNLABELLED_CRITERIA] as const;

/** The name of a way in which the epoch is chosen. */
export type Selection = (typeof SELECTIONS)[number];

/** Whether a way to choose needs labelled validation samples. */
export function choosesByValidation(select: Selection): boolean {
  return ['source-validation', ...VALIDATION_CRITERIA].includes(select);
}

/** Whether a way to choose looks at features, which takes longer than to look at predictions. */
export function choosesByFeatures(select: Selection): boolean {
  return ([...FEATURE_CRITERIA, ...VALIDATION_CRITERIA] as readonly Selection[]).includes(select);
}

/** Fixed before any was measured: what costs nothing, and errs by nothing but training too long. */
export const DEFAULT_SELECTION = 'last' satisfies Selection;
