import { HeadstartError } from './headstart-error.ts';

/** Whether something failed because too many files are open: nothing is wrong with the file that was to be opened. */
export function tooManyOpen(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause)
    if (['EMFILE', 'ENFILE'].includes((each as NodeJS.ErrnoException).code ?? '')) return true;
  return false;
}

/**
 * Turns a failure of the file system into an error that names the path and the remedy.
 * An error that is already a HeadstartError passes through unchanged.
 */
export function storageError(action: string, path: string, cause: unknown): HeadstartError {
  if (HeadstartError.is(cause)) return cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new HeadstartError({
        code: 'storage-full',
        message: `Could not ${action} ${path}: no space is left on the device.`,
        hint: 'Free some space or choose another folder; nothing was left half-written.',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new HeadstartError({
        code: 'storage-denied',
        message: `Could not ${action} ${path}: permission denied (${code}).`,
        hint: 'Give this user access to the path or choose another one.',
        cause,
      });
    case 'EMFILE':
    case 'ENFILE':
      return new HeadstartError({
        code: 'storage-failed',
        message: `Could not ${action} ${path}: too many files are open (${code}).`,
        hint: 'Allow more with `ulimit -n 4096`, or close other programs.',
        cause,
      });
    default:
      return new HeadstartError({
        code: 'storage-failed',
        message: `Could not ${action} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: 'Check that the path exists and that the device is healthy.',
        cause,
      });
  }
}
