import type { Reader, RegisteredDataset } from '../domains/reader.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { guard } from './guard.ts';
import { contractBroken, pluginFailed, type Owner } from './owner.ts';
import { targetProblem, truthProblem } from './target-problem.ts';

/** A reader that is sure of data by a number from 0 to 1, and whose data keep the contract. */
export function guardReader(reader: Reader, owner: Owner): Reader {
  const detect = (sure: number) => {
    if (sure >= 0 && sure <= 1) return sure;
    throw pluginFailed(
      owner,
      `detect gave ${String(sure)}, which is not a number from 0 (not its data) to 1 (surely its).`,
    );
  };
  return guard(reader, owner, { results: { detect, read: checked(reader, owner, 'read') } });
}

/** A data set whose data keep the contract. */
export function guardDataset(dataset: RegisteredDataset, owner: Owner): RegisteredDataset {
  return guard(dataset, owner, { results: { load: checked(dataset, owner, 'load') } });
}

function checked({ modality }: { readonly modality: string }, owner: Owner, call: string) {
  return (data: TargetData) => {
    const problem = targetProblem(data, modality);
    if (problem === undefined) return data;
    throw pluginFailed(owner, `${call} gave data that cannot be used: ${problem}.`);
  };
}

/** Checks labels and digests of data that are learned from. @throws HeadstartError `plugin-failed` naming what read them */
export function checkTruth(data: TargetData, origin: Reader | RegisteredDataset): void {
  const problem = truthProblem(data);
  if (problem === undefined) return;
  const kind = 'read' in origin ? 'reader' : 'data set';
  throw contractBroken(kind, origin, `it gave data that cannot be learned from: ${problem}.`);
}
