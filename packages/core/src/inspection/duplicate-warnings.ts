import type { DataWarning } from '../domains/reading-notes.ts';
import type { Sample, SplitName } from '../domains/target-domain.ts';
import { copiesAmong, truthOf } from './copies.ts';
import { samplesIn, SPLITS, type Splits } from './count-splits.ts';
import { NAMED, plural } from './looked-at.ts';

/** Contents that occur more than once. */
export interface Duplicates {
  /** Contents that are in more than one split. */
  readonly acrossSplits: number;
  /** Contents of which not the same is known everywhere. */
  readonly conflicting: number;
  /** Samples that are copies of another, which is not counted. */
  readonly copies: number;
}

interface Copies {
  readonly samples: readonly Sample[];
  readonly splits: ReadonlySet<SplitName>;
  readonly conflict: boolean;
}

const HINT =
  'Keep one of each: --clean duplicates leaves copies out (first those to train on), and all of those that contradict.';

/** What occurs more than once: in two splits, under two labels, or plainly. */
export function findDuplicates(splits: Splits): { duplicates?: Duplicates; warnings: DataWarning[] } {
  const ends = endsOf(splits);
  const groups = copiesAmong(onlySamples(splits)).map((places) => copiesAt(places, splits, ends));
  if (groups.length === 0) return { warnings: [] };
  const across = groups.filter((group) => group.splits.size > 1);
  const conflicting = groups.filter(({ conflict }) => conflict);
  const plain = groups.filter(({ conflict, splits: { size } }) => !conflict && size === 1);
  const copies = groups.reduce((sum, { samples }) => sum + samples.length - 1, 0);
  const warn = (of: readonly Copies[], message: string): DataWarning[] =>
    of.length === 0
      ? []
      : [
          {
            code: 'duplicates',
            message,
            hint: HINT,
            samples: of.flatMap(({ samples }) => samples.map(({ id }) => id)).slice(0, NAMED),
          },
        ];
  const more = plain.reduce((sum, { samples }) => sum + samples.length - 1, 0);
  return {
    duplicates: { acrossSplits: across.length, conflicting: conflicting.length, copies },
    warnings: [
      ...warn(
        across,
        `${plural(across.length, 'content is', 'contents are')} in more than one split (${pairsOf(across)})${exampleOf(across)}: the numbers measured there come out too good.`,
      ),
      ...warn(
        conflicting,
        `${plural(conflicting.length, 'content occurs', 'contents occur')} with labels that differ: one of them is wrong.`,
      ),
      ...warn(
        plain,
        `${plural(more, 'sample repeats', 'samples repeat')} the content of another one in the same split.`,
      ),
    ],
  };
}

function* onlySamples(splits: Splits): Generator<Sample> {
  for (const { sample } of samplesIn(splits)) yield sample;
}

/** Where each split ends when all are counted through. */
function endsOf(splits: Splits): number[] {
  let end = 0;
  return SPLITS.map((name) => (end += splits[name].length));
}

function copiesAt(places: readonly number[], splits: Splits, ends: readonly number[]): Copies {
  const found = places.map((place) => {
    const at = ends.findIndex((end) => place < end);
    const split = SPLITS[at]!;
    return { split, sample: splits[split].get(place - (at === 0 ? 0 : ends[at - 1]!)) };
  });
  const samples = found.map(({ sample }) => sample);
  return {
    samples,
    splits: new Set(found.map(({ split }) => split)),
    conflict: new Set(samples.map(truthOf)).size > 1,
  };
}

/** The first and the last copy of a content, which are in two splits. */
function exampleOf([first]: readonly Copies[]): string {
  const [one, other] = [first?.samples[0], first?.samples.at(-1)];
  return one && other ? `, such as ${one.id} and ${other.id}` : '';
}

/** Such as `train and test: 12`. */
function pairsOf(groups: readonly Copies[]): string {
  const counts = new Map<string, number>();
  for (const { splits } of groups) {
    const name = [...splits].join(' and ');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${name}: ${count.toLocaleString('en-US')}`).join(', ');
}
