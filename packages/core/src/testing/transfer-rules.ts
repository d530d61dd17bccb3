import { expectThat, type Rule } from './rules.ts';
import { expectNearWeights, expectSameWeights, type TrialResult, type TrialTransfers } from './trial-transfer.ts';

/** Small transfers, and the one that the others are compared with, which is made once. */
export interface ComparedTransfers {
  readonly transfers: TrialTransfers;
  readonly whole: () => Promise<TrialResult>;
}

/** What holds for every transfer, and what a task or a strategy can break. */
export const transferRules: readonly Rule<ComparedTransfers>[] = [
  {
    rule: 'the same seed gives the same weights',
    check: async ({ transfers, whole }) => expectSameWeights(await whole(), await transfers.whole(), 'a second run'),
  },
  {
    rule: 'a run that is interrupted goes on to the same weights',
    check: async ({ transfers, whole }) =>
      expectSameWeights(await whole(), await transfers.inPieces(), 'a run in pieces'),
  },
  {
    rule: 'steps can be recorded',
    async check({ transfers, whole }) {
      await whole();
      expectThat(transfers.stepFaults.size === 0, `a step ${[...transfers.stepFaults].join(', and ')}`);
    },
  },
  {
    rule: 'recorded steps give what steps give op by op',
    async check({ transfers, whole }) {
      if (transfers.captures) await expectNearWeights(await whole(), await transfers.eagerly(), 'a run op by op');
    },
  },
];
