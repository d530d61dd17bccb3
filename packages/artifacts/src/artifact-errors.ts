import { HeadstartError } from './errors/headstart-error.ts';

/** The error for a digest that is not the expected one. Nothing of the file is kept. */
export function digestMismatch(what: string, expected: string, received: string): HeadstartError {
  return new HeadstartError({
    code: 'artifact-digest',
    message: `${what} has the wrong digest: expected ${expected}, received ${received}. The file was not kept.`,
    hint: 'Try again; if the digest stays wrong, the file was replaced where it is published or on the way: do not use it.',
  });
}

export function unreachable(what: string, why: string, hint: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'artifact-unreachable',
    message: `${what} is not in the cache and could not be fetched: ${why}`,
    hint,
    cause,
  });
}

/** The error for something that is not cached while fetching is switched off. */
export function offlineError(what: string, root: string, variable = 'HEADSTART_OFFLINE'): HeadstartError {
  return unreachable(
    what,
    'fetching is switched off (offline).',
    `Run once without ${variable}, or copy the cache folder ${root} from a machine that has it.`,
  );
}

export function notFound(
  what: string,
  why: string,
  hint = 'Check the name, the version and the path.',
  cause?: unknown,
): HeadstartError {
  return new HeadstartError({ code: 'artifact-not-found', message: `${what} was not found: ${why}`, hint, cause });
}

export function tooLarge(what: string, limit: number): HeadstartError {
  return new HeadstartError({
    code: 'artifact-too-large',
    message: `${what} is larger than the ${limit} bytes allowed for it.`,
    hint: 'Check that the name is right; raise the limit (maxBytes) only if you trust where it comes from.',
  });
}

export function archiveUnsafe(
  archive: string,
  entry: string,
  why: string,
  hint = 'Do not use this archive; report it to those who publish it.',
): HeadstartError {
  return new HeadstartError({
    code: 'archive-unsafe',
    message: `${archive} was refused: its entry ${JSON.stringify(entry)} ${why}. Nothing was unpacked.`,
    hint,
  });
}

export function archiveInvalid(archive: string, why: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'archive-invalid',
    message: `${archive} cannot be read as an archive: ${why}`,
    hint: 'The file is damaged, or not a zip, tar or tar.gz; fetch it again or check where it comes from.',
    cause,
  });
}

/** An URL as messages may show it: without user, password and query. */
export function shownUrl(url: string | URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  if (shown.search) shown.search = '?…';
  return shown.href;
}
