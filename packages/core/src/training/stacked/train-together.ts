import { dispose } from '@tensorflow/tfjs-core';
import type { Dataset, Sample } from '../../domains/target-domain.ts';
import type { ReportOptions } from '../../metrics/evaluator.ts';
import { lossOptions, type Run } from '../run.ts';
import type { Judged } from '../split-evaluation.ts';
import { HeadStack } from './head-stack.ts';
import { judgeStack } from './judge-stack.ts';
import { SharedFeatures } from './shared-features.ts';
import { stackMember } from './stack-member.ts';
import { sharedRow } from './stackable.ts';
import { trainingSamples, validationSamples } from './stacked-samples.ts';
import { share, trainStack } from './train-stack.ts';

/** What the heads of a stack take in may take this much of the device's memory, in bytes. */
const MOST_BYTES = 512 * 2 ** 20;

/** A run, and what its head is judged on once it is trained. */
export interface StackedRun<S extends Sample> {
  readonly run: Run<S>;
  readonly tests: readonly Dataset<S>[];
}

/** What a run came to on its tests, in their order, or why it failed. */
export type StackedEnd = { readonly judged: readonly Judged[] } | { readonly error: unknown };

/**
 * Trains runs of one `stackKeyOf` together and judges them; each comes to what it comes to by itself, but for rounding.
 * Their models share one backbone. Those whose steps are alike (as many samples, in batches as large, for as many epochs,
 * by one optimiser) are one stack; of others there are several, on the same features.
 *
 * A run that fails leaves the others be; what fails for all is thrown, the signal's reason among it.
 * @param options whether numbers have intervals; by default they do
 */
export async function trainTogether<S extends Sample>(
  runs: readonly StackedRun<S>[],
  options?: ReportOptions,
): Promise<StackedEnd[]> {
  const ends: StackedEnd[] = [];
  const features = await SharedFeatures.open(runs, sharedRow(runs[0]!.run)!);
  try {
    for (const alike of stacksOf(runs, features.numbers)) {
      const found = await trainAlike(alike, features, options);
      alike.forEach((each, i) => (ends[runs.indexOf(each)] = found[i]!));
    }
  } finally {
    features.dispose();
  }
  return ends;
}

async function trainAlike<S extends Sample>(
  runs: readonly StackedRun<S>[],
  features: SharedFeatures<S>,
  options?: ReportOptions,
): Promise<StackedEnd[]> {
  const begun = performance.now();
  const members = runs.map(({ run, tests }) => stackMember(run, tests, features));
  const samples = trainingSamples(members, features);
  const validation = validationSamples(members, features);
  let stack: HeadStack<S> | undefined;
  try {
    stack = new HeadStack(members[0]!.run.backend, members, samples);
    share(members, 'training', begun);
    await trainStack(stack, members, validation);
    const judged: (Judged | undefined)[][] = [];
    for (const index of members[0]!.tests.keys())
      judged.push(await judgeStack(stack, members, features, index, options));
    return members.map(({ error }, s) =>
      error === undefined ? { judged: judged.map((each) => each[s]!) } : { error },
    );
  } finally {
    stack?.dispose();
    dispose([samples, validation] as never);
  }
}

/** The runs in stacks: of one kind of step each, and no more than the device has room for. */
function stacksOf<S extends Sample>(runs: readonly StackedRun<S>[], numbers: number): StackedRun<S>[][] {
  const kinds = new Map<string, StackedRun<S>[]>();
  for (const each of runs) {
    const kind = kindOf(each);
    kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
  }
  return [...kinds.values()].flatMap((alike) => {
    const { train, validation } = alike[0]!.run.transfer.target.splits;
    const room = Math.max(1, Math.floor(MOST_BYTES / (4 * numbers * (train.length + validation.length))));
    return Array.from({ length: Math.ceil(alike.length / room) }, (_, i) => alike.slice(i * room, (i + 1) * room));
  });
}

/** What runs of one stack have in common: everything that a step's shape or its constants depend on. */
function kindOf<S extends Sample>({ run: { transfer, phases }, tests }: StackedRun<S>): string {
  const { target, batchSize, ema } = transfer;
  const { epochs, trainable, optimiser, losses = [] } = phases[0]!;
  const { learningRate: _own, ...shared } = optimiser;
  const sizes = [target.splits.train, target.splits.validation, ...tests].map(({ length }) => length);
  return JSON.stringify([
    sizes,
    batchSize,
    epochs,
    ema,
    lossOptions(transfer, phases[0]),
    trainable,
    shared,
    losses.length > 0,
  ]);
}
