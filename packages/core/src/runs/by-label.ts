/** As many classes as are listed. */
const LISTED = 8;

/** What there is to say of each label, `cat 1.2, dog 0.8`, of the first ones where there are many. */
export function byLabel(labels: readonly string[], values: readonly string[]): string {
  const each = labels.slice(0, LISTED).map((label, i) => `${label} ${values[i]!}`);
  return `${each.join(', ')}${labels.length > LISTED ? `, and ${labels.length - LISTED} more` : ''}`;
}
