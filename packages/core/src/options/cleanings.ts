/** What `--clean` can do to data that were read, each named as the warning is that asks for it. */
export const CLEANINGS = [
  'missing-labels',
  'near-equal-labels',
  'blank-images',
  'doubled-boxes',
  'duplicates',
  'small-classes',
  'imbalance',
] as const;

/** One of the cleanings. */
export type Cleaning = (typeof CLEANINGS)[number];
