import { dispose, type Tensor3D } from '@tensorflow/tfjs-core';
import { epochBatches } from '../../data/batches.ts';
import type { Dataset, Sample } from '../../domains/target-domain.ts';
import { checkOutputs } from '../../network/finite.ts';
import type { Tensors } from '../../network/tensors.ts';
import { writeValues } from '../../network/variable-values.ts';
import { afterUpdates, diverged, notFinite } from '../divergence.ts';
import { bestOf, canChooseBy, supersedes } from '../epoch-choice.ts';
import { announcePhase, closeEpoch, closePhase } from '../epochs.ts';
import { checkMonitor, reportMetrics } from '../reported-metrics.ts';
import { lossOptions } from '../run.ts';
import { phaseHistory } from '../run-state.ts';
import { rateAt } from '../schedule.ts';
import { ValidationLoss } from '../validation-loss.ts';
import type { HeadStack } from './head-stack.ts';
import { learns, ofMember, weightsOf, type StackMember } from './stack-member.ts';

/** What the heads are validated on after every epoch. */
export interface StackedValidation {
  /** `[heads, samples, width]` */
  readonly prepared: Tensor3D;
  /** Of each head, `[samples, …]`. */
  readonly targets: readonly Tensors[];
}

/**
 * Trains the heads of all members through their phase, as `runPhase` trains one: in the order of its own samples, at its
 * own rates, kept at the best epoch of its own. In the end each run's model has its head's weights.
 */
export async function trainStack<S extends Sample>(
  stack: HeadStack<S>,
  members: readonly StackMember<S>[],
  validation: StackedValidation | undefined,
): Promise<void> {
  const { phase, train, run } = members[0]!;
  const { batchSize } = run.transfer;
  for (const member of members)
    await ofMember(member, () => announcePhase(member.run, member.phase, member.run.model.backbone.stages.length));
  for (let epoch = 0; epoch < phase.epochs && members.some(learns); epoch++) {
    const orders = members.map(({ run: { random, state } }) =>
      epochBatches({ length: train.length }, batchSize, random.child('shuffle', state.phase, epoch)),
    );
    await trainEpoch(stack, members, orders, epoch);
    const measured = await validate(stack, members, validation);
    for (const [s, member] of members.entries())
      if (learns(member)) await ofMember(member, () => endEpoch(member, orders[s]!.length, measured[s]));
  }
  stack.swapAverage();
  const last = await stack.read();
  for (const [s, member] of members.entries()) {
    const {
      run: { model },
      best,
    } = member;
    const values = best ?? last[s]!;
    const variables = weightsOf(model.head).map((weight) => [weight.name, weight] as [string, typeof weight]);
    const stored = variables.map(
      ([name, { value }]) => [name, { shape: value.shape, data: values.get(name)! }] as const,
    );
    await writeValues(variables, new Map(stored), 'The stack');
    if (member.error === undefined) await ofMember(member, () => closePhase(member.run));
  }
  stack.load();
}

async function trainEpoch<S extends Sample>(
  stack: HeadStack<S>,
  members: readonly StackMember<S>[],
  orders: readonly (readonly Uint32Array[])[],
  epoch: number,
): Promise<void> {
  const { phase, run } = members[0]!;
  const perEpoch = orders[0]!.length;
  const steps = perEpoch * phase.epochs;
  for (let i = 0; i < perEpoch && members.some(learns); i++) {
    run.signal.throwIfAborted();
    const step = epoch * perEpoch + i;
    const started = performance.now();
    const batches = orders.map((order) => order[i]!);
    const rates = members.map((member) => (learns(member) ? learningRateAt(member, step, steps) : 0));
    const losses = await stack.step(batches, rates, step, steps);
    share(members, 'training', started);
    for (const [s, member] of members.entries()) {
      if (!learns(member)) continue;
      await ofMember(member, () =>
        noteStep(member, { loss: losses[s]!, samples: batches[s]!.length, step, perEpoch, learningRate: rates[s]! }),
      );
    }
  }
}

interface Step {
  readonly loss: number;
  readonly samples: number;
  readonly step: number;
  readonly perEpoch: number;
  readonly learningRate: number;
}

async function noteStep<S extends Sample>(
  { run, phase }: StackMember<S>,
  { loss, samples, step, perEpoch, learningRate }: Step,
): Promise<void> {
  const { state, events, transfer } = run;
  if (!Number.isFinite(loss)) {
    if (step === 0) throw notFinite(loss, { phase, task: transfer.task });
    throw diverged(loss, { phase, step, learningRate });
  }
  state.step += 1;
  state.lossSum += loss * samples;
  state.firstLoss ??= loss;
  const at = { epoch: state.epoch + 1, step: state.step, stepsPerEpoch: perEpoch };
  await events.emit('step', { phase: phase.name, ...at, loss, learningRate });
}

/** Each learning head's metrics on its validation split, its weights kept where they are its best so far. */
async function validate<S extends Sample>(
  stack: HeadStack<S>,
  members: readonly StackMember<S>[],
  validation: StackedValidation | undefined,
): Promise<readonly (Readonly<Record<string, number>> | undefined)[]> {
  if (!validation) return [];
  const started = performance.now();
  const measured: (Readonly<Record<string, number>> | undefined)[] = [];
  stack.swapAverage();
  try {
    const outputs = await stack.outputs(validation.prepared);
    const better: number[] = [];
    try {
      for (const [s, member] of members.entries()) {
        if (!learns(member)) continue;
        await ofMember(member, async () => {
          await checkMember(member, outputs[s]!, { samples: member.run.transfer.target.splits.validation });
          measured[s] = await metricsOf(member, outputs[s]!, validation.targets[s]!);
          if (isBest(member, measured[s])) better.push(s);
        });
      }
    } finally {
      dispose(outputs);
    }
    if (better.length > 0) {
      const weights = await stack.read();
      for (const s of better) members[s]!.best = weights[s];
    }
  } finally {
    stack.swapAverage();
  }
  share(members, 'evaluation', started);
  return measured;
}

/**
 * Checks what a member's head gives for samples, the first of which is the one at `from`.
 * @throws HeadstartError `diverged` naming a sample for which it is no number
 */
export async function checkMember<S extends Sample>(
  { phase }: StackMember<S>,
  outputs: Tensors,
  { samples, from = 0, to = samples.length }: { samples: Dataset<S>; from?: number; to?: number },
): Promise<void> {
  const name = (row: number) => `the sample "${samples.get(from + row).id}"`;
  await afterUpdates(phase, phase.optimiser.learningRate, () => checkOutputs(outputs, { rows: to - from, name }));
}

async function metricsOf<S extends Sample>(
  { run }: StackMember<S>,
  outputs: Tensors,
  targets: Tensors,
): Promise<Readonly<Record<string, number>>> {
  const { task, target, retainedClasses } = run.transfer;
  const evaluator = task.evaluator(target.labels, { retainedClasses });
  await evaluator.add(outputs, targets);
  await evaluator.finish?.();
  const reported = { task, evaluator, registered: run.metrics };
  const report = await reportMetrics({ ...reported, intervals: false, warn: run.warnOnce });
  checkMonitor(report, reported);
  const cost = new ValidationLoss(task, { ...lossOptions(run.transfer), labelSmoothing: 0 });
  await cost.add(outputs, targets, target.splits.validation.length);
  return cost.beside(report.values);
}

function isBest<S extends Sample>(
  { run: { state, transfer } }: StackMember<S>,
  values: Readonly<Record<string, number>> | undefined,
): boolean {
  const { task, target } = transfer;
  if (!canChooseBy(target.splits.validation.length)) return false;
  return supersedes(task.monitor, values, bestOf(task.monitor, phaseHistory(state))?.validation);
}

async function endEpoch<S extends Sample>(
  member: StackMember<S>,
  perEpoch: number,
  validation: Readonly<Record<string, number>> | undefined,
): Promise<void> {
  const { run, phase, train } = member;
  const { state } = run;
  const step = state.epoch * perEpoch + perEpoch - 1;
  const learningRate = learningRateAt(member, step, perEpoch * phase.epochs);
  const loss = state.lossSum / train.length;
  if ((await closeEpoch(run, phase, { loss, learningRate, validation })) === 'stop') member.stopped = true;
}

function learningRateAt<S extends Sample>({ phase }: StackMember<S>, step: number, steps: number): number {
  return phase.optimiser.learningRate * rateAt(phase.schedule, step, steps);
}

/** Books time as equal shares of those that learn. */
export function share<S extends Sample>(
  members: readonly StackMember<S>[],
  what: 'training' | 'evaluation' | 'features',
  since: number,
): void {
  const learning = members.filter(({ error }) => error === undefined);
  const seconds = (performance.now() - since) / 1000 / Math.max(1, learning.length);
  for (const { run } of learning) run.state.seconds[what] += seconds;
}
