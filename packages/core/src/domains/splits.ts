import { HeadstartError } from '@headstart/artifacts/errors';
import { RandomStream } from '../random/random-stream.ts';
import { allot } from './allot.ts';
import { surplusOf } from './balance.ts';
import { fingerprintOf } from './fingerprint.ts';
import { groupingOf, groupsOf, type Grouping } from './groups.ts';
import { keptTogether } from './kept-together.ts';
import { missingNames } from './label-names.ts';
import { withAbsent } from './roster.ts';
import { labelsOf, stratify } from './stratify.ts';
import type { Dataset, ReadSample, Sample, SplitName, TargetData, TargetDomain } from './target-domain.ts';

export interface SplitOptions {
  /** Shares of train, validation and test; they need not add up to 1 or 100. */
  readonly shares: readonly [train: number, validation: number, test: number];
  readonly seed: number;
  /** Training samples to keep a label. */
  readonly shots?: number;
  /** Most training samples of a class, as a multiple of what the smallest class has. */
  readonly balance?: number;
  /** Tells the group of a sample by its id, in place of the samples' own: see `groupsByPattern`. */
  readonly groupBy?: string;
}

const NAMES: readonly SplitName[] = ['train', 'validation', 'test'];

/**
 * Puts samples into splits. Splits that the data set assigns are kept; otherwise each label's
 * samples are shuffled by the seed and dealt out by the shares, so that every label appears in
 * training and, where there is a test share, in the test split. Samples that may have several labels,
 * or objects with labels, are dealt out by `stratify`; samples in groups by `keptTogether`, so that each group is in one split.
 *
 * The draw depends on the seed, the label's name and the order of its samples only: data sets
 * with the same samples in the same order (one emoji set drawn by two vendors) split alike, and so do those
 * with one roster, whichever of its members each has.
 *
 * @throws HeadstartError `invalid-option`, `target-too-small`
 */
export function splitTarget<S extends Sample>(data: TargetData<S>, options: SplitOptions): TargetDomain<S> {
  const assigned = data.samples.some((read) => read.split !== undefined);
  const groups = groupsOf(
    data.samples.map(({ sample }) => sample),
    options.groupBy,
  );
  const parts = assigned
    ? assignedSplits(data.samples)
    : groups
      ? groupedParts(data, groups, options)
      : drawnSplits(data, options);
  const grouping = groups && {
    ...groupingIn(parts, data, groups),
    ...(!assigned && { wanted: fractionsOf(options) }),
  };
  const surplus = options.balance === undefined ? new Set<S>() : surplusOf(parts.train, options.balance);
  if (surplus.size > 0) parts.train = parts.train.filter((sample) => !surplus.has(sample));
  if (options.shots !== undefined) parts.train = fewShots(parts.train, data.labels, options.shots, options.seed);
  if (parts.train.length === 0) {
    throw new HeadstartError({
      code: 'target-too-small',
      message: `${data.id} leaves no sample to train on.`,
      hint: 'Give the train split samples, or a larger train share with --split.',
    });
  }
  const splits = {
    train: datasetOf(parts.train),
    validation: datasetOf(parts.validation),
    test: datasetOf(parts.test),
  };
  return {
    id: data.id,
    modality: data.modality,
    labels: data.labels,
    splits,
    fingerprint: fingerprintOf(data.labels, parts),
    skipped: data.skipped,
    ...(grouping && { grouping }),
    ...(options.balance !== undefined && { surplus: surplus.size }),
  };
}

type Parts<S> = Record<SplitName, S[]>;

/** Samples in memory as a data set. */
export function datasetOf<S>(items: readonly S[]): Dataset<S> {
  return {
    length: items.length,
    get(index) {
      const item = items[index];
      if (item === undefined) throw new RangeError(`No sample ${index} among ${items.length}.`);
      return item;
    },
  };
}

function assignedSplits<S extends Sample>(samples: readonly ReadSample<S>[]): Parts<S> {
  const parts: Parts<S> = { train: [], validation: [], test: [] };
  for (const { sample, split } of samples) parts[split ?? 'train'].push(sample);
  return parts;
}

/** @throws HeadstartError `invalid-option` for shares that are none */
function fractionsOf({ shares }: Pick<SplitOptions, 'shares'>): readonly [number, number, number] {
  const total = shares[0] + shares[1] + shares[2];
  if (shares.some((share) => !(share >= 0)) || !(shares[0] > 0) || !Number.isFinite(total)) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The split ${shares.join('/')} cannot be made.`,
      hint: 'Give three shares such as 70/10/20; train must be above zero.',
    });
  }
  return [shares[0] / total, shares[1] / total, shares[2] / total];
}

function groupedParts<S extends Sample>(
  data: TargetData<S>,
  groups: readonly (string | undefined)[],
  { seed, groupBy, ...options }: SplitOptions,
): Parts<S> {
  const splits = keptTogether(data, groups, {
    shares: fractionsOf(options),
    random: new RandomStream(seed).child('split'),
    groupBy,
  });
  const parts: Parts<S> = { train: [], validation: [], test: [] };
  data.samples.forEach(({ sample }, place) => parts[NAMES[splits[place]!]!].push(sample));
  return parts;
}

function groupingIn<S extends Sample>(
  parts: Parts<S>,
  { samples }: TargetData<S>,
  groups: readonly (string | undefined)[],
): Grouping {
  const groupOf = new Map(samples.map(({ sample }, place) => [sample, groups[place]]));
  const of = (name: SplitName) => parts[name].map((sample) => groupOf.get(sample));
  return groupingOf({ train: of('train'), validation: of('validation'), test: of('test') });
}

function drawnSplits<S extends Sample>(data: TargetData<S>, { shares, seed }: SplitOptions): Parts<S> {
  const fractions = fractionsOf({ shares });
  const parts: Parts<S> = { train: [], validation: [], test: [] };
  const random = new RandomStream(seed).child('split');
  const several = data.samples.map(({ sample }) => labelsOf(sample));
  if (several.some((labels) => labels && labels.length > 0)) {
    const splits = stratify(
      several.map((labels) => labels ?? []),
      data.labels,
      fractions,
      random,
    );
    data.samples.forEach(({ sample }, i) => parts[NAMES[splits[i]!]!].push(sample));
    return parts;
  }
  const groups = byLabel(data);
  for (const [label, samples] of groups) {
    const members = withAbsent(samples, label, data.roster);
    const counts = allot(members.length, fractions);
    if (!counts) throw oneSample(data.id, groups, label);
    const shuffled = shuffle(members, random.child(label));
    let start = 0;
    NAMES.forEach((name, i) => {
      for (const member of shuffled.slice(start, start + counts[i]!))
        if (member !== undefined) parts[name].push(member);
      start += counts[i]!;
    });
  }
  return parts;
}

/** So many classes, half of which have one sample each, are something else: texts, ids, measurements. */
const MANY = 10;

function oneSample(id: string, groups: ReadonlyMap<string, readonly Sample[]>, label: string): HeadstartError {
  const alone = [...groups.values()].filter(({ length }) => length === 1).length;
  const sample = groups.get(label)![0]!.id;
  if (alone >= MANY && alone >= groups.size / 2)
    return new HeadstartError({
      code: 'target-too-small',
      message: `${id}: ${alone} of ${groups.size} classes have one sample each, such as "${label}" (${sample}): what was read as the class tells samples apart, as texts, ids and measurements do, and not their kinds.`,
      hint: 'Choose what holds the class (of a table, with --reader-option label-column=…), or write classes in place of single values.',
    });
  const missing = missingNames([label])[0]!;
  return new HeadstartError({
    code: 'target-too-small',
    message: `${id}: the class "${label}" has one sample (${sample}), which cannot be both trained on and tested.${missing ? ' It reads like a label that is missing.' : ''}`,
    hint: `${missing ? 'If no label is meant, leave the sample out with --clean missing-labels. ' : ''}Add samples to the class, remove it, or train on all data with --split 100/0/0.`,
  });
}

function byLabel<S extends Sample>(data: TargetData<S>): Map<string, S[]> {
  const groups = new Map<string, S[]>();
  for (const { sample } of data.samples) {
    const name = sample.label === undefined ? '' : (data.labels[sample.label] ?? '');
    const group = groups.get(name);
    if (group) group.push(sample);
    else groups.set(name, [sample]);
  }
  return groups;
}

function shuffle<T>(items: readonly T[], random: RandomStream): T[] {
  return Array.from(random.permutation(items.length), (index) => items[index]!);
}

function fewShots<S extends Sample>(train: readonly S[], labels: readonly string[], shots: number, seed: number): S[] {
  if (!Number.isInteger(shots) || shots < 1) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${shots} shots per class cannot be drawn.`,
      hint: 'Give a whole number of at least 1.',
    });
  }
  if (train.length > 0 && train.every(({ label }) => label === undefined)) {
    throw new HeadstartError({
      code: 'not-supported',
      message: 'Shots per class cannot be drawn: the samples have no single label each.',
      hint: 'Leave out --shots.',
    });
  }
  const random = new RandomStream(seed).child('shots');
  return labels.flatMap((label, index) =>
    shuffle(
      train.filter((sample) => sample.label === index),
      random.child(label),
    ).slice(0, shots),
  );
}
