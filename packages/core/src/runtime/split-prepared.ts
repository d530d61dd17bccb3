import { splitTarget } from '../domains/splits.ts';
import type { TargetData, TargetDomain } from '../domains/target-domain.ts';
import type { Cleaned } from '../inspection/cleaned.ts';
import { MOST_IMBALANCE } from '../inspection/label-warnings.ts';
import { plural } from '../inspection/looked-at.ts';
import type { TransferOptions, WithDefaults } from '../options/transfer-options.ts';

type SplitRequest = Pick<WithDefaults<TransferOptions>, 'split' | 'seed' | 'shots' | 'clean' | 'groupBy'>;

/** The data in splits, in balance where that is asked for. @throws HeadstartError `invalid-option`, `target-too-small` */
export function splitPrepared(data: TargetData, request: SplitRequest): TargetDomain {
  const { split: shares, seed, shots, clean = [], groupBy } = request;
  const balance = clean.includes('imbalance') ? MOST_IMBALANCE : undefined;
  return splitTarget(data, { shares, seed, shots, balance, groupBy });
}

/** What balancing the training split did, where it was asked for. */
export function balanced({ surplus }: Pick<TargetDomain, 'surplus'>): Cleaned[] {
  if (surplus === undefined) return [];
  const message = `${plural(surplus, 'sample')} to train on left out: no class has more than ${MOST_IMBALANCE} times as many as the smallest`;
  return [{ code: 'imbalance', samples: surplus, message }];
}
