/** A label as names are compared across data sets: `Hot_Dog` and `hot dog` are one. */
export function canonicalLabel(label: string): string {
  return label
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
}

/**
 * For each label its place among the known ones, -1 where it is not among them: that of the same spelling, or of
 * the same canonical name where there is none.
 */
export function placesOf(labels: readonly string[], known: readonly string[]): number[] {
  const names = known.map(canonicalLabel);
  return labels.map((label) => {
    const same = known.indexOf(label);
    return same >= 0 ? same : names.indexOf(canonicalLabel(label));
  });
}
