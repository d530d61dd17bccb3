/** From which probability a label is given that has no threshold of its own, where a sample may have several. */
export const LABEL_THRESHOLD = 0.5;

/**
 * The labels that a sample is given, by number, ascending.
 * @param probabilities one per label
 * @param thresholds one per label, or none
 */
export function givenLabels(probabilities: ArrayLike<number>, thresholds?: ArrayLike<number>): number[] {
  return Array.from(probabilities).flatMap((probability, label) =>
    probability >= (thresholds?.[label] ?? LABEL_THRESHOLD) ? [label] : [],
  );
}
