import {
  add,
  mean,
  reshape,
  stack,
  unstack,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Sample } from '../../domains/target-domain.ts';
import { HEAD } from '../../network/head.ts';
import { lossStage, type LossInputs, type LossTerm, type LossWeight } from '../../network/loss-term.ts';
import type { Tensors } from '../../network/tensors.ts';
import { StepRandom } from '../../random/step-random.ts';
import { lossOptions } from '../run.ts';
import { weighedLosses } from '../task-loss.ts';
import type { StackMember } from './stack-member.ts';

/** What the heads' losses are computed from, in one step. */
export interface StackedBatch {
  /** Outputs by name, `[heads, batch, …]`. */
  readonly outputs: Tensors;
  /** Truth by name, `[heads · batch, …]`. */
  readonly targets: Tensors;
  /** The weights by variable, `[heads, …]`. */
  readonly weights: Tensors;
  /** What each head's loss terms draw by, int32 `[heads, 2]`, and the share of steps that are done; given where there are terms. */
  readonly terms?: { readonly seeds: Tensor2D; readonly progress: Scalar };
}

/** Each head's loss, `[heads]`: that of the task on its own batch, and its loss terms. */
export function stackedLosses<S extends Sample>(
  members: readonly StackMember<S>[],
  { outputs, targets, weights, terms }: StackedBatch,
): Tensor1D {
  const {
    run: { transfer },
    phase: alike,
  } = members[0]!;
  const rows = Object.fromEntries(
    Object.entries(outputs).map(([name, all]) => [
      name,
      reshape(all, [all.shape[0] * all.shape[1]!, ...all.shape.slice(2)]),
    ]),
  );
  const costs = weighedLosses(transfer.task, rows, targets, lossOptions(transfer, alike));
  const losses = mean<Tensor1D>(reshape(costs, [members.length, -1]), 1);
  if (!terms) return losses;
  const { progress } = terms;
  const each = byHead(weights);
  const truths = byHead(inHeads(targets, members.length));
  const seeds = perHead(terms.seeds);
  const values = members.map(({ run, phase }, s) => {
    const named = run.model.head.variables.flatMap(({ name, decay }): LossWeight[] => {
      const value = each[s]![name];
      return value ? [{ stage: HEAD, name: `${HEAD}/${name}`, decay, value }] : [];
    });
    const random = new StepRandom(seeds[s]!);
    const inputsOf = (term: LossTerm) =>
      ({
        labelled: { features: {}, targets: truths[s]! },
        weights: term.needs.weights ? named : undefined,
        layers: {},
        mode: { training: true, random: random.child(lossStage(term)) },
        progress,
      }) as unknown as LossInputs;
    return (phase.losses ?? []).map((term) => term.value(inputsOf(term))).reduce((sum, value) => add(sum, value));
  });
  return add(losses, stack(values));
}

/** `[heads · batch, …]` as `[heads, batch, …]`. */
function inHeads(tensors: Tensors, heads: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, all]) => [
      name,
      reshape(all, [heads, all.shape[0] / heads, ...all.shape.slice(1)]),
    ]),
  );
}

/** Each head's own of tensors `[heads, …]`. */
export function byHead(tensors: Tensors): Record<string, Tensor>[] {
  const heads: Record<string, Tensor>[] = [];
  for (const [name, all] of Object.entries(tensors)) perHead(all).forEach((own, s) => ((heads[s] ??= {})[name] = own));
  return heads;
}

/** Each head's own of a tensor `[heads, …]`. Where there is one, TensorFlow.js has no gradient of taking it out by `unstack`. */
export function perHead(all: Tensor): Tensor[] {
  const [heads, ...own] = all.shape;
  return heads === 1 ? [reshape(all, own)] : unstack(all);
}
