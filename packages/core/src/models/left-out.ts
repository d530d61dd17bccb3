import type { SourceDomain } from '../domains/source-domain.ts';
import type { Backbone } from '../network/backbone.ts';
import { BOTTLENECK } from '../network/bottleneck.ts';
import { HEAD } from '../network/head.ts';
import type { ModelVariable } from '../network/stage.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { valueDigest } from '../network/value-digest.ts';

/** What of a backbone a saved model leaves to its source: all that the source has, or the variables that nothing changes. */
export type LeftOut = 'backbone' | 'fixed';

/**
 * Whether a model can leave out what training left as it was: the backbone has values, and its source gives the same
 * ones whenever it is opened by its id, since a digest stands for every file and none is of this machine.
 */
export function canBeOpenedAgain({ card: { files }, origin }: SourceDomain, { stages }: Backbone): boolean {
  const pinned = files.every(({ uri, sha256 }) => sha256 !== undefined && !uri.startsWith('file:'));
  return origin === undefined && files.length > 0 && pinned && stages.some(({ variables }) => variables.length > 0);
}

/** A model's variables, those that are saved with it apart from those that are left to its source. */
export function partVariables(
  model: TransferModel,
  isLeftOut: (name: string, variable: ModelVariable) => boolean,
): { saved: [string, ModelVariable][]; leftOut: [string, ModelVariable][] } {
  const all = [...model.variables()];
  const leaves = ([name, variable]: [string, ModelVariable]) =>
    ![HEAD, BOTTLENECK].some((stage) => name.startsWith(`${stage}/`)) && isLeftOut(name, variable);
  return { saved: all.filter((each) => !leaves(each)), leftOut: all.filter(leaves) };
}

/** SHA-256 of the values that are left to the source. */
export function baseDigest(leftOut: readonly [string, ModelVariable][]): Promise<string> {
  return valueDigest(leftOut.map(([name, { value }]) => [name, value]));
}
