import { createContext, Script } from 'node:vm';
import { HeadstartError } from '@headstart/artifacts/errors';

/** How long a pattern may take for so many ids: one that backtracks without end is refused, not waited for. */
const MOST_MILLISECONDS = 5000;
const AT_ONCE = 10_000;

/** Ids that a message names. */
const NAMED = 3;

/** Finds the group in an id: the capture called `group`, or the only one. An empty one is none. */
const SEARCH = new Script(`{
  const pattern = new RegExp(source, 'u');
  ids.map((id) => {
    const found = pattern.exec(id);
    return found === null ? undefined : (found.groups?.group ?? found[1]) || undefined;
  });
}`);

/**
 * The group of each id by a regular expression (ECMAScript's, in Unicode mode) that need not match the whole of it:
 * what its capture has, the one called `group` or the only one; undefined where it does not match.
 * @throws HeadstartError `invalid-option` for what is no regular expression, has no capture or several and none called `group`, takes
 * too long, or matches no id
 */
export function groupsByPattern(source: string, ids: readonly string[]): (string | undefined)[] {
  checkGroupPattern(source);
  const groups: (string | undefined)[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const batch = ids.slice(start, start + AT_ONCE);
    groups.push(...found(source, batch));
  }
  if (ids.length > 0 && groups.every((group) => group === undefined))
    throw invalid(
      `The pattern ${source} matches none of ${ids.length} samples, which are called ${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ', …' : ''}.`,
      'Write one that matches such names, with what the samples of a group have in common in parentheses.',
    );
  return groups;
}

function found(source: string, ids: readonly string[]): (string | undefined)[] {
  try {
    const context = createContext({ source, ids });
    return [...(SEARCH.runInContext(context, { timeout: MOST_MILLISECONDS }) as (string | undefined)[])];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause;
    throw invalid(
      `The pattern ${source} takes more than ${MOST_MILLISECONDS / 1000} seconds for ${ids.length} names: it tries without end.`,
      'Leave out repetitions within repetitions, such as (a+)+, and say with ^ where it begins.',
      cause,
    );
  }
}

/** @throws HeadstartError `invalid-option` for what is no regular expression with one capture, or with one called `group` */
export function checkGroupPattern(source: string): void {
  const captures = capturesOf(source);
  if (captures.named || captures.count === 1) return;
  throw invalid(
    captures.count === 0
      ? `The pattern ${source} has no capture: nothing in it says what the group is.`
      : `The pattern ${source} has ${captures.count} captures: which of them is the group is not said.`,
    captures.count === 0
      ? 'Put what the samples of a group have in common in parentheses, such as ^([^_]+)_ for patient7_2.png.'
      : 'Call the one that is (?<group>…), or write (?:…) for the others.',
  );
}

function capturesOf(source: string): { readonly count: number; readonly named: boolean } {
  try {
    // By itself first: parentheses that do not match may fit those around it, and a message shows the pattern as it was given.
    void new RegExp(source, 'u');
    const nothing = new RegExp(`(?:${source})|`, 'u').exec('')!;
    return { count: nothing.length - 1, named: nothing.groups !== undefined && 'group' in nothing.groups };
  } catch (cause) {
    throw invalid(
      `${source} is no regular expression: ${(cause as Error).message}.`,
      'Write one such as ^([^_]+)_, whose parentheses hold what the samples of a group have in common.',
      cause,
    );
  }
}

function invalid(message: string, hint: string, cause?: unknown): HeadstartError {
  return new HeadstartError({ code: 'invalid-option', message, hint, cause });
}
