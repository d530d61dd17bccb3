import { concat, reshape, stack, tidy, type Rank, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { targetBatch, toTensors } from '../../data/encode-batch.ts';
import type { Dataset, Sample } from '../../domains/target-domain.ts';
import { tidily } from '../train-step.ts';
import type { StackedSamples } from './head-stack.ts';
import type { SharedFeatures } from './shared-features.ts';
import { partsOf, type StackMember } from './stack-member.ts';
import type { StackedValidation } from './train-stack.ts';

const PLAIN = { kind: 'plain' } as const;

/** What each head takes in of the features of these rows, as many for each: `[heads, rows, width]`. */
export function prepared<S extends Sample>(
  members: readonly StackMember<S>[],
  features: SharedFeatures<S>,
  places: readonly Int32Array[],
): Tensor3D {
  return tidy(
    () =>
      stack(members.map(({ run }, s) => features.at(places[s]!, (inputs) => partsOf(run).prepare(inputs)))) as Tensor3D,
  );
}

/** The truth of samples `from` to `to` on the device. */
export function truthOf<S extends Sample>(
  { run: { encoder } }: StackMember<S>,
  samples: Dataset<S>,
  from = 0,
  to = samples.length,
): Record<string, Tensor> {
  const chosen = Array.from({ length: to - from }, (_, i) => samples.get(from + i));
  const values = targetBatch(
    encoder,
    chosen,
    chosen.map(() => PLAIN),
  );
  return toTensors(encoder.targets, values, chosen.length);
}

/** The training samples of all members. */
export function trainingSamples<S extends Sample>(
  members: readonly StackMember<S>[],
  features: SharedFeatures<S>,
): StackedSamples {
  return tidily(() => {
    const each = members.map((member) => truthOf(member, member.run.transfer.target.splits.train));
    const inputs = prepared(
      members,
      features,
      members.map(({ train }) => train),
    );
    return {
      prepared: reshape<Rank.R2>(inputs, [-1, inputs.shape[2]]),
      targets: Object.fromEntries(Object.keys(each[0]!).map((name) => [name, concat(each.map((own) => own[name]!))])),
    };
  });
}

/** The validation samples of all members; none where they have none. */
export function validationSamples<S extends Sample>(
  members: readonly StackMember<S>[],
  features: SharedFeatures<S>,
): StackedValidation | undefined {
  if (members[0]!.validation.length === 0) return undefined;
  const targets = members.map((member) => truthOf(member, member.run.transfer.target.splits.validation));
  const places = members.map(({ validation }) => validation);
  return { prepared: prepared(members, features, places), targets };
}
