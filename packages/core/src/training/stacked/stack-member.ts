import type { Dataset, Sample } from '../../domains/target-domain.ts';
import type { Head, StackableHead } from '../../network/head.ts';
import type { ModelVariable } from '../../network/stage.ts';
import type { Phase } from '../../strategies/strategy.ts';
import type { Run } from '../run.ts';
import type { SharedFeatures } from './shared-features.ts';

/** One of the runs that are trained together. */
export interface StackMember<S extends Sample> {
  readonly run: Run<S>;
  readonly phase: Phase;
  /** What its head is judged on in the end. */
  readonly tests: readonly Dataset<S>[];
  /** Where the features of its splits stand among the shared ones. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** The weights of its best epoch, by variable. */
  best?: ReadonlyMap<string, Float32Array>;
  /** Whether its phase has ended before the others'. */
  stopped: boolean;
  /** Why it failed, where it did: the others go on. */
  error?: unknown;
}

/** Puts a run among the others, its head fitted to its own training samples where the phase says so. */
export function stackMember<S extends Sample>(
  run: Run<S>,
  tests: readonly Dataset<S>[],
  features: SharedFeatures<S>,
): StackMember<S> {
  const phase = run.phases[0]!;
  const { splits } = run.transfer.target;
  const { head } = run.model;
  const train = features.placesOf(splits.train);
  if (phase.fitHead && head.fit) for (const [name, found] of features.statistics(train)) head.fit(name, found);
  return { run, phase, tests, train, validation: features.placesOf(splits.validation), stopped: false };
}

/** Whether it still learns. */
export function learns<S extends Sample>({ stopped, error }: StackMember<S>): boolean {
  return !stopped && error === undefined;
}

/** Does a member's own part of the work; its failure is kept to it. */
export async function ofMember<S extends Sample>(member: StackMember<S>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    member.error = error;
  }
}

/** The parts of a head that is known to have them. */
export function partsOf({ model }: Pick<Run, 'model'>): StackableHead {
  return model.head.stackable!;
}

/** The head's variables that train. */
export function weightsOf({ variables }: Head): ModelVariable[] {
  return variables.filter(({ role }) => role === 'weight');
}
