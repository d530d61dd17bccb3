import { HeadstartError } from '@headstart/artifacts/errors';

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
 * @throws HeadstartError `label-invalid` where two labels come to one place
 */
export function placesAmong(labels: readonly string[], known: readonly string[]): number[] {
  const names = known.map(canonicalLabel);
  const places = labels.map((label) => {
    const same = known.indexOf(label);
    return same >= 0 ? same : names.indexOf(canonicalLabel(label));
  });
  const twice = places.findIndex((place, i) => place >= 0 && places.indexOf(place) < i);
  if (twice < 0) return places;
  const first = places.indexOf(places[twice]!);
  throw new HeadstartError({
    code: 'label-invalid',
    message: `The labels "${labels[first]}" and "${labels[twice]}" both mean "${known[places[twice]!]}".`,
    hint: 'Rename one of them, or give their samples one label.',
  });
}

/** The known labels, and after them those of the others that are not among them. @throws HeadstartError `label-invalid` */
export function joinedLabels(known: readonly string[], others: readonly string[]): string[] {
  const places = placesAmong(others, known);
  return [...known, ...others.filter((_, i) => places[i]! < 0)];
}
