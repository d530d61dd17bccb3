import { HeadstartError, nearestName } from '@headstart/artifacts/errors';

/** The error for a configuration of a benchmark that says what it may not. @param what a clause about what was found */
export function configError(file: string, what: string, hint = 'Correct it there.', cause?: unknown): HeadstartError {
  return new HeadstartError({ code: 'config-invalid', message: `In ${file}, ${what}.`, hint, cause });
}

/** What to write in place of an unknown key or name. */
export function didYouMean(name: string, known: readonly string[], before = ''): string {
  const near = nearestName(name, known);
  const list = `Known: ${known.join(', ')}.`;
  return near === undefined ? list : `Did you mean "${before}${near}"? ${list}`;
}
