import { HeadstartError } from '@headstart/artifacts/errors';
import type { RandomStream } from '../random/random-stream.ts';
import { byCodeUnit } from './by-code-unit.ts';
import { dealGroups } from './deal-groups.ts';
import { unitsOf } from './groups.ts';

/** Samples that are dealt out by their groups. */
export interface GroupedSamples {
  /** The data's, for messages. */
  readonly id: string;
  readonly names: readonly string[];
  /** Of each sample, without repetition. */
  readonly labels: readonly (readonly number[])[];
  readonly groups: readonly (string | undefined)[];
  /** What each sample shows, where the same content is to stay on one side; undefined for one that is like no other. */
  readonly contents?: readonly (string | undefined)[];
}

const TRAIN = 0;
const TEST = 2;

/**
 * Deals samples out to training, validation and test so that each group lies wholly in one, as `dealGroups` does. Every label is
 * then trained on and, where there is a test share and it is in several groups, tested, as far as groups can be spared: the smallest are
 * moved for that.
 *
 * @param shares of the three, which add up to 1
 * @returns the split of each sample, by its place among the shares
 * @throws HeadstartError `target-too-small` where there is a test share, and one group, or none can be spared from training
 */
export function groupedSplits(
  { id, names, labels, groups, contents }: GroupedSamples,
  shares: readonly [number, number, number],
  random: RandomStream,
): Int32Array {
  const units = unitsOf(groups, contents);
  const count = units.reduce((most, unit) => Math.max(most, unit + 1), 0);
  if (shares[TEST] > 0 && count < 2) throw oneGroup(id, groups);
  const splits = dealGroups(labels, units, { classes: names.length, shares, random });
  const sides = new Sides(labels, units, splits, names.length);
  const order = [...names.keys()].sort((a, b) => byCodeUnit(names[a]!, names[b]!));
  sides.trainOn(order);
  if (shares[TEST] > 0) {
    sides.test(order);
    if (!sides.testSome()) throw nothingToTest(id, count);
  }
  return sides.ofSamples();
}

/** Which side units are on, and what of each label is where. */
class Sides {
  readonly #samples: number[] = [];
  readonly #labels: Set<number>[] = [];
  readonly #sides: number[] = [];
  /** Units that carry each label. */
  readonly #carriers: number[][];

  constructor(
    labels: readonly (readonly number[])[],
    private readonly units: Int32Array,
    splits: Int32Array,
    classes: number,
  ) {
    this.#carriers = Array.from({ length: classes }, () => []);
    units.forEach((unit, place) => {
      this.#samples[unit] = (this.#samples[unit] ?? 0) + 1;
      this.#sides[unit] = splits[place]!;
      const known = (this.#labels[unit] ??= new Set());
      for (const label of labels[place]!) {
        if (!known.has(label)) this.#carriers[label]!.push(unit);
        known.add(label);
      }
    });
  }

  /** Moves the smallest unit of each label that nothing to train on has. */
  trainOn(order: readonly number[]): void {
    for (const label of order) {
      const carriers = this.#carriers[label]!;
      if (carriers.length === 0 || carriers.some((unit) => this.#sides[unit] === TRAIN)) continue;
      this.#sides[this.#smallest(carriers)!] = TRAIN;
    }
  }

  /** Moves the smallest unit that can be spared of each label that nothing to test on has. */
  test(order: readonly number[]): void {
    for (const label of order) {
      const carriers = this.#carriers[label]!;
      if (carriers.some((unit) => this.#sides[unit] === TEST)) continue;
      const moved = this.#smallest(carriers.filter((unit) => this.#isSpare(unit)));
      if (moved !== undefined) this.#sides[moved] = TEST;
    }
  }

  /** Whether training has another unit of each label that one has. */
  #isSpare(unit: number): boolean {
    if (this.#sides[unit] !== TRAIN) return true;
    return [...this.#labels[unit]!].every((label) =>
      this.#carriers[label]!.some((other) => other !== unit && this.#sides[other] === TRAIN),
    );
  }

  /** Moves the smallest unit that training can spare, where none is tested. @returns whether one is */
  testSome(): boolean {
    if (this.#sides.includes(TEST)) return true;
    const units = [...this.#sides.keys()];
    const beside = units.filter((unit) => this.#sides[unit] !== TRAIN);
    const moved = this.#smallest(beside) ?? this.#smallest(units.filter((unit) => this.#isSpare(unit)));
    if (moved !== undefined) this.#sides[moved] = TEST;
    return moved !== undefined;
  }

  ofSamples(): Int32Array {
    return this.units.map((unit) => this.#sides[unit]!);
  }

  #smallest(units: readonly number[]): number | undefined {
    return units.reduce<number | undefined>(
      (best, unit) => (best === undefined || this.#samples[unit]! < this.#samples[best]! ? unit : best),
      undefined,
    );
  }
}

function oneGroup(id: string, groups: readonly (string | undefined)[]): HeadstartError {
  const group = groups.find((name) => name !== undefined);
  return new HeadstartError({
    code: 'target-too-small',
    message: `${id}: all samples are of one group, "${group}", which cannot be both trained on and tested.`,
    hint: 'Tell groups by another column or pattern, or train on all data with --split 100/0/0.',
  });
}

function nothingToTest(id: string, groups: number): HeadstartError {
  return new HeadstartError({
    code: 'target-too-small',
    message: `${id}: none of ${groups} groups can be tested: each has a class that no other has, which is to be learned.`,
    hint: 'Add groups with samples of these classes, tell groups otherwise, or train on all data with --split 100/0/0.',
  });
}
