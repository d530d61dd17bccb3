import { dispose } from '@tensorflow/tfjs-core';
import type { Sample } from '../../domains/target-domain.ts';
import type { Evaluator, ReportOptions } from '../../metrics/evaluator.ts';
import { judgedBy, type Judged } from '../split-evaluation.ts';
import type { HeadStack } from './head-stack.ts';
import type { SharedFeatures } from './shared-features.ts';
import { ofMember, type StackMember } from './stack-member.ts';
import { prepared, truthOf } from './stacked-samples.ts';
import { checkMember, share } from './train-stack.ts';

/** Numbers that a forward pass takes in at once. */
const MOST_NUMBERS = 2 ** 24;

/** What each member's head comes to on the `index`-th of its tests; nothing for members that have failed. */
export async function judgeStack<S extends Sample>(
  stack: HeadStack<S>,
  members: readonly StackMember<S>[],
  features: SharedFeatures<S>,
  index: number,
  options?: ReportOptions,
): Promise<(Judged | undefined)[]> {
  const started = performance.now();
  const places = members.map(({ tests }) => features.placesOf(tests[index]!));
  const evaluators = members.map(({ run: { transfer } }): Evaluator => {
    return transfer.task.evaluator(transfer.target.labels, { retainedClasses: transfer.retainedClasses });
  });
  const rows = places[0]!.length;
  const size = Math.max(1, Math.floor(MOST_NUMBERS / members.length / features.numbers));
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    const inputs = prepared(
      members,
      features,
      places.map((all) => all.subarray(from, to)),
    );
    const outputs = await stack.outputs(inputs).finally(() => inputs.dispose());
    try {
      for (const [s, member] of members.entries()) {
        if (member.error !== undefined) continue;
        const truth = truthOf(member, member.tests[index]!, from, to);
        await ofMember(member, async () => {
          await checkMember(member, outputs[s]!, { samples: member.tests[index]!, from, to });
          await evaluators[s]!.add(outputs[s]!, truth);
        }).finally(() => dispose(truth));
      }
    } finally {
      dispose(outputs);
    }
  }
  const judged: (Judged | undefined)[] = [];
  for (const [s, member] of members.entries()) {
    if (member.error !== undefined) continue;
    await ofMember(member, async () => {
      await evaluators[s]!.finish?.();
      judged[s] = await judgedBy(member.run, evaluators[s]!, options);
    });
  }
  share(members, 'evaluation', started);
  return judged;
}
