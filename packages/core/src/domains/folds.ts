import { HeadstartError } from '@headstart/artifacts/errors';
import type { RandomStream } from '../random/random-stream.ts';
import { byCodeUnit } from './by-code-unit.ts';
import { dealGroups } from './deal-groups.ts';
import { unitsOf } from './groups.ts';
import { everyLabelOf } from './labels-of.ts';
import { labelsOf } from './stratify.ts';
import type { Sample } from './target-domain.ts';

/** What shares a fold: samples of the same content, of which one must not be trained on while another is judged. */
interface Unit {
  readonly places: number[];
  /** Indices of labels, without repetition; none for samples without. */
  readonly labels: readonly number[];
}

/**
 * Deals samples out to folds: each label's as evenly as can be, and of folds that have as many of it to the one that has
 * the fewest samples. The rarest label comes first, as in iterative stratification (Sechidis et al., 2011); with one label
 * a sample that is stratified k-fold. Samples of the same content share a fold, and so do those of one group, which are dealt out by
 * `dealGroups`.
 *
 * @param groups of the samples, where they are in groups
 * @returns the fold of each sample, from 0
 * @throws HeadstartError `invalid-option` where a class has fewer samples, apart from copies, than there are folds; where there are
 * groups, where there are fewer of them than folds, or a class is in one alone
 */
export function dealFolds(
  samples: readonly Sample[],
  labels: readonly string[],
  folds: number,
  random: RandomStream,
  groups?: readonly (string | undefined)[],
): Int32Array {
  if (groups) return dealGroupedFolds(samples, labels, folds, random, groups);
  const units = contentsOf(samples);
  checkEnough(samples, units, labels, folds);
  const dealt = new Int32Array(samples.length).fill(-1);
  const sizes = new Array<number>(folds).fill(0);
  const carrying = labels.map((_, label) => units.filter((unit) => unit.labels.includes(label)));
  // By name, so that it does not matter how labels are numbered.
  const order = [...labels.keys()].sort(
    (a, b) => carrying[a]!.length - carrying[b]!.length || byCodeUnit(labels[a]!, labels[b]!),
  );
  const deal = (members: readonly Unit[], draw: RandomStream, label?: number) => {
    const own = new Array<number>(folds).fill(0);
    if (label !== undefined)
      for (const { places } of carrying[label]!) {
        const fold = dealt[places[0]!]!;
        if (fold >= 0) own[fold]! += places.length;
      }
    for (const at of draw.permutation(members.length)) {
      const { places } = members[at]!;
      if (dealt[places[0]!]! >= 0) continue;
      const fold = own.reduce(
        (best, count, f) => (count < own[best]! || (count === own[best] && sizes[f]! < sizes[best]!) ? f : best),
        0,
      );
      for (const place of places) dealt[place] = fold;
      own[fold]! += places.length;
      sizes[fold]! += places.length;
    }
  };
  for (const label of order) deal(carrying[label]!, random.child(labels[label]!), label);
  deal(units, random.child(''));
  return dealt;
}

function dealGroupedFolds(
  samples: readonly Sample[],
  names: readonly string[],
  folds: number,
  random: RandomStream,
  groups: readonly (string | undefined)[],
): Int32Array {
  const labels = samples.map(everyLabelOf);
  const units = unitsOf(
    groups,
    samples.map(({ digest }) => digest),
  );
  checkEnoughGroups(labels, units, names, folds);
  const shares = new Array<number>(folds).fill(1 / folds);
  return dealGroups(labels, units, { classes: names.length, shares, random });
}

function checkEnoughGroups(
  labels: readonly (readonly number[])[],
  units: Int32Array,
  names: readonly string[],
  folds: number,
): void {
  const count = new Set(units).size;
  const refused = (message: string, hint: string) => new HeadstartError({ code: 'invalid-option', message, hint });
  if (count < folds)
    throw refused(
      `There ${count === 1 ? 'is 1 group' : `are ${count} groups`} of samples, fewer than ${folds} folds.`,
      count > 1
        ? `Give --folds ${count} or fewer, or tell groups otherwise.`
        : 'Tell groups by another column or pattern.',
    );
  const carriers = names.map(() => new Set<number>());
  labels.forEach((own, place) => own.forEach((label) => carriers[label]!.add(units[place]!)));
  const alone = carriers.findIndex(({ size }) => size === 1);
  if (alone >= 0)
    throw refused(
      `The class "${names[alone]}" is in one group alone: the fold that it is judged in would know it from no other.`,
      'Add groups with samples of the class, leave the class out, or tell groups otherwise.',
    );
}

function contentsOf(samples: readonly Sample[]): Unit[] {
  const units = new Map<string, Unit>();
  samples.forEach((sample, place) => {
    const known = units.get(sample.digest);
    if (known) known.places.push(place);
    else units.set(sample.digest, { places: [place], labels: everyLabelOf(sample) });
  });
  return [...units.values()];
}

function checkEnough(samples: readonly Sample[], units: readonly Unit[], labels: readonly string[], folds: number) {
  const single = samples.every((sample) => labelsOf(sample) === undefined && sample.label !== undefined);
  const counts = single
    ? labels.map((label, index) => ({ what: `The class "${label}"`, count: unitsWith(units, index) }))
    : [{ what: 'The data', count: units.length }];
  // A class without a sample is a source's, kept beside those that are learned.
  const least = counts.filter(({ count }) => count > 0).reduce((a, b) => (b.count < a.count ? b : a));
  if (least.count >= folds) return;
  const fitting = least.count > 1 ? `--folds ${least.count} or fewer, or more samples` : 'more samples';
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${least.what} ${single ? 'has' : 'have'} ${least.count} ${least.count === 1 ? 'sample' : 'different samples'}, which cannot be in each of ${folds} folds.`,
    hint: `Give ${fitting}${single ? ' of the class' : ''}.`,
  });
}

function unitsWith(units: readonly Unit[], label: number): number {
  return units.filter(({ labels }) => labels.includes(label)).length;
}
