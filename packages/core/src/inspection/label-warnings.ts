import type { DataWarning } from '../domains/reading-notes.ts';
import type { LabelCounts } from './inspection.ts';
import { listNames, missingNames, nearEqualNames, visibleName } from '../domains/label-names.ts';
import { plural, type LookedAt } from './looked-at.ts';

/** Fewer samples than this say little about a class. */
export const FEW_SAMPLES = 5;
/** How many times as many samples a class may have as another. */
export const MOST_IMBALANCE = 20;

const NAMED = 5;
const totalOf = ({ train, validation, test }: LabelCounts) => train + validation + test;

/** Class names that mean the same class, or none. */
export function nameWarnings({ labels }: LookedAt): DataWarning[] {
  const names = labels.map(({ name }) => name);
  const counted = (place: number) =>
    `${visibleName(names[place]!)} (${totalOf(labels[place]!).toLocaleString('en-US')})`;
  const near = nearEqualNames(names);
  const groups = near
    .slice(0, NAMED)
    .map(({ places, differ }) => `${places.map(counted).join(', ')} differ in ${differ}`);
  const missing = missingNames(names);
  const absent = names.filter((_, place) => missing[place]);
  return [
    ...(near.length === 0
      ? []
      : [
          {
            code: 'near-equal-labels',
            message: `Classes have nearly the same name: ${groups.join('; ')}${near.length > NAMED ? `; and ${near.length - NAMED} more` : ''}.`,
            hint: 'If they are one class, give it one name, or have the commonest taken with --clean near-equal-labels.',
            samples: [],
          },
        ]),
    ...(absent.length === 0
      ? []
      : [
          {
            code: 'missing-labels',
            message: `${absent.length === 1 ? 'The class' : 'The classes'} ${listNames(absent)} ${absent.length === 1 ? 'reads' : 'read'} like a label that is missing.`,
            hint: 'If no label is meant, leave those samples out with --clean missing-labels; else give the class another name.',
            samples: [],
          },
        ]),
  ];
}

/** Classes with few samples, and classes with very many. */
export function countWarnings({ data, labels, samples }: LookedAt): DataWarning[] {
  const what = data.samples.some(({ sample }) => sample.objects) ? 'object' : 'sample';
  const few = labels.filter((counts) => totalOf(counts) < FEW_SAMPLES && totalOf(counts) > 0);
  const named = few.slice(0, NAMED).map((counts) => `${visibleName(counts.name)} (${totalOf(counts)})`);
  return [
    ...(few.length === 0
      ? []
      : [
          {
            code: 'small-classes',
            message: `${plural(few.length, 'class has', 'classes have')} fewer than ${FEW_SAMPLES} ${what}s: ${named.join(', ')}${few.length > NAMED ? ', …' : ''}.`,
            hint: 'Add samples of them, or leave the classes out with --clean small-classes.',
            samples: [],
          },
        ]),
    ...(samples.train === 0 ? [] : imbalance(labels, what)),
  ];
}

function imbalance(labels: readonly LabelCounts[], what: string): DataWarning[] {
  const trained = labels.filter(({ train }) => train > 0);
  if (trained.length < 2) return [];
  const least = trained.reduce((a, b) => (b.train < a.train ? b : a));
  const most = trained.reduce((a, b) => (b.train > a.train ? b : a));
  if (most.train <= MOST_IMBALANCE * least.train) return [];
  const times = Math.round(most.train / least.train);
  return [
    {
      code: 'imbalance',
      message: `To train on, ${visibleName(most.name)} has ${plural(most.train, what)} and ${visibleName(least.name)} ${least.train.toLocaleString('en-US')}, one to ${times}: the small class is easily passed over.`,
      hint:
        what === 'object'
          ? 'Add pictures of the small class, or have those that there are drawn more often with --sampling balanced.'
          : `Add samples of the small class, have it count more with --class-weights balanced, or keep at most ${MOST_IMBALANCE} times as many of the others with --clean imbalance.`,
      samples: [],
    },
  ];
}
