import type { DataWarning } from '../domains/reading-notes.ts';
import { visibleName } from '../domains/label-names.ts';
import { SPLITS } from './count-splits.ts';
import { NAMED, plural, type LookedAt } from './looked-at.ts';

/** Names that a sentence lists. */
const LISTED = 5;
/** A split may have this share of all samples more or less than it was to have. */
const MOST_OFF = 0.1;

/** What groups do to splits: that the data's own take some apart, and that drawn ones are not as they were to be. */
export function groupWarnings({ grouping, splits, labels, assigned }: LookedAt): DataWarning[] {
  if (!grouping) return [];
  const { groups, alone, apart, largest, wanted } = grouping;
  const named = apart.slice(0, LISTED).map(({ group, splits: own }) => `${visibleName(group)}: ${own.join(' and ')}`);
  const more = apart.length > LISTED ? ', …' : '';
  const warn = (code: string, message: string, hint: string, samples: readonly string[] = []): DataWarning[] => [
    { code, message, hint, samples },
  ];
  const untested = labels.filter(({ train, test }) => train > 0 && test === 0).map(({ name }) => visibleName(name));
  const sizes = SPLITS.map((name) => splits[name].length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const off = wanted && SPLITS.filter((_, i) => Math.abs(sizes[i]! / all - wanted[i]!) > MOST_OFF);
  return [
    ...(apart.length === 0
      ? []
      : warn(
          'groups-apart',
          `${plural(apart.length, 'group is', 'groups are')} in more than one split (${named.join(', ')}${more}): the numbers measured there come out too good.`,
          "Move each group to one split, or have the splits drawn: without the data's own ones, groups are kept together.",
          apart.slice(0, NAMED).map(({ group }) => group),
        )),
    ...(alone === 0
      ? []
      : warn(
          'samples-without-group',
          `${plural(alone, 'sample is', 'samples are')} in no group, beside ${plural(groups, 'group')}: each is taken for one of its own.`,
          'Where they belong together, fill in the column, or write a pattern that matches their names.',
        )),
    ...(off && off.length > 0
      ? warn(
          'uneven-groups',
          `Groups are too large for the shares: ${off.map((name) => `${name} has ${percent(splits[name].length / all)} of the samples in place of ${percent(wanted[SPLITS.indexOf(name)]!)}`).join(', ')}; the largest, ${visibleName(largest.group)}, has ${plural(largest.samples, 'sample')}.`,
          'Give other shares with --split, or judge by --folds.',
        )
      : []),
    ...(assigned || splits.test.length === 0 || untested.length === 0
      ? []
      : warn(
          'untested-classes',
          `No sample of ${untested.slice(0, LISTED).join(', ')}${untested.length > LISTED ? ', …' : ''} is tested: ${untested.length === 1 ? 'the class is' : 'these classes are'} in too few groups.`,
          'Add groups with samples of such classes, give the test split a larger share with --split, or judge by --folds.',
        )),
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
