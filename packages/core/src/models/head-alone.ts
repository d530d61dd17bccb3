import type { SourceDomain } from '../domains/source-domain.ts';
import type { Backbone } from '../network/backbone.ts';

/**
 * Whether a model on an unchanged backbone can leave it out: the backbone has values, and its source gives the same
 * ones whenever it is opened by its id, since a digest stands for every file and none is of this machine.
 */
export function canBeOpenedAgain({ card: { files }, origin }: SourceDomain, { stages }: Backbone): boolean {
  const pinned = files.every(({ uri, sha256 }) => sha256 !== undefined && !uri.startsWith('file:'));
  return origin === undefined && files.length > 0 && pinned && stages.some(({ variables }) => variables.length > 0);
}
