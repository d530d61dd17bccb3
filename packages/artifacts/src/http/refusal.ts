import type { HeadstartError } from '../errors/headstart-error.ts';
import { notFound, shownUrl, unreachable } from '../artifact-errors.ts';
import type { HttpResponse } from './http-client.ts';

/** Characters of what a server says of a refusal that are passed on. */
const LONGEST_WORDS = 200;

/** The error for an answer that stays the same when it is asked for again; undefined for one that may pass. */
export function refusalOf(
  label: string,
  { status, headers, url }: HttpResponse,
  accessHint: string | undefined,
): HeadstartError | undefined {
  const said = headers['x-error-message'];
  const why = `${shownUrl(url)} answered ${status}${typeof said === 'string' ? ` (${said.slice(0, LONGEST_WORDS).replace(/\.$/, '')})` : ''}.`;
  // The hub answers 404 for a revision that it does not have, too: nothing can be said of the file then.
  if (headers['x-error-code'] === 'RevisionNotFound')
    return unreachable(label, why, 'Check the revision: a branch, a tag or a commit.');
  if (status === 404 || status === 410) return notFound(label, why);
  if (status === 401 || status === 403)
    return unreachable(label, why, accessHint ?? 'Check that you may read this address.');
  if (status === 408 || status === 429 || status >= 500) return undefined;
  return unreachable(label, why, 'Check the address.');
}
