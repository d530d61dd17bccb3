import { HeadstartError } from '@headstart/artifacts/errors';
import { placesAmong } from '../domains/labels.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { TargetData } from '../domains/target-domain.ts';

/** What a model's labels were called in its training, and for each the place of what it is called now. */
export interface Relabelled {
  readonly labels: readonly string[];
  readonly places: readonly number[];
}

/** For each label of some data its place among a model's, -1 for one that the model never had. */
export interface PresentPlaces {
  readonly places: readonly number[];
  readonly warnings: readonly DataWarning[];
}

/**
 * Matches data with a model whose labels were renamed or merged after its training: they may bear the names of before or of
 * now. A name that meant another label before (left and right were swapped, say) is read as the data's other names are; where
 * these could be of either time, as it is used now, with a warning.
 * @throws HeadstartError `label-invalid` for such a name beside labels of which some are of before only and others of now only
 */
export function presentPlaces(
  { id, labels: found }: Pick<TargetData, 'id' | 'labels'>,
  { labels, relabelled }: { readonly labels: readonly string[]; readonly relabelled: Relabelled },
): PresentPlaces {
  const own = placesAmong(found, labels);
  const former = placesAmong(found, relabelled.labels).map((place) => (place < 0 ? -1 : relabelled.places[place]!));
  const unclear = found.filter((_, i) => own[i]! >= 0 && former[i]! >= 0 && own[i] !== former[i]);
  const nowOnly = found.filter((_, i) => own[i]! >= 0 && former[i]! < 0);
  const beforeOnly = found.filter((_, i) => own[i]! < 0 && former[i]! >= 0);
  if (unclear.length === 0 || nowOnly.length === 0 || beforeOnly.length === 0) {
    const [first, second] = beforeOnly.length > 0 ? [former, own] : [own, former];
    const places = first.map((place, i) => (place < 0 ? second[i]! : place));
    const isOpen = unclear.length > 0 && nowOnly.length === 0 && beforeOnly.length === 0;
    return { places, warnings: isOpen ? [openNames(id, unclear)] : [] };
  }
  throw new HeadstartError({
    code: 'label-invalid',
    message: `${id} mixes names that the model's labels had in its training (${listed(beforeOnly)}) with present ones (${listed(nowOnly)}): what ${listed(unclear)} means is unclear, since it stood for another label before.`,
    hint: 'Give the data the present names of the labels only.',
  });
}

function openNames(id: string, unclear: readonly string[]): DataWarning {
  return {
    code: 'ambiguous-labels',
    message: `The model's labels were renamed after its training, and ${listed(unclear)} stood for ${unclear.length > 1 ? 'other labels' : 'another label'} before: the labels of ${id} are taken by their present names.`,
    hint: 'If the data bear the names of before, evaluate the model that this one was made from.',
    samples: [],
  };
}

function listed(labels: readonly string[]): string {
  return `${labels
    .slice(0, 5)
    .map((label) => `"${label}"`)
    .join(', ')}${labels.length > 5 ? ', …' : ''}`;
}
