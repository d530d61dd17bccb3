import { HeadstartError } from '@headstart/artifacts/errors';
import { placesOf } from '../network/class-names.ts';

/**
 * As `placesOf`, of labels that no other one is the same as.
 * @throws HeadstartError `label-invalid` where two labels come to one place
 */
export function placesAmong(labels: readonly string[], known: readonly string[]): number[] {
  const places = placesOf(labels, known);
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
