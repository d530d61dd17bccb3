import { HeadstartError, storageError, tooManyOpen } from '@headstart/artifacts/errors';
import type { UnreadFormat } from './unread-format.ts';
import { skipHint } from '../domains/skip-hint.ts';

const SKIP = `Repair or remove the file; ${skipHint('unreadable files')}`;

const BANDS = `Pick three of its bands and scale them to 8 bits (gdal_translate -b 4 -b 3 -b 2 -scale -ot Byte), or remove it; ${skipHint('it')}`;

/** The error for one picture that cannot be used; `name` is the file as the user knows it. */
export function imageError(name: string, reason: string, hint: string = SKIP, cause?: unknown): HeadstartError {
  return new HeadstartError({ code: 'sample-unreadable', message: `${name}: ${reason}.`, hint, cause });
}

/** The error for a picture of a format that is not decoded. */
export function unreadError(name: string, { what, hint }: UnreadFormat, cause?: unknown): HeadstartError {
  return imageError(name, `it is ${what}, which is not read`, hint, cause);
}

/** Turns a failure of the file system or of the decoder into an error that names the file. */
export function imageFailure(name: string, cause: unknown): HeadstartError {
  if (HeadstartError.is(cause)) return cause;
  if (tooManyOpen(cause)) return storageError('read', name, cause);
  switch ((cause as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOENT':
      return imageError(name, 'there is no such file', `Check the path; ${skipHint('missing files')}`, cause);
    case 'EACCES':
    case 'EPERM':
      return imageError(
        name,
        'permission to read it is denied',
        `Give this user permission to read the file; ${skipHint('it')}`,
        cause,
      );
    case 'EISDIR':
      return imageError(name, 'it is a folder, not a picture', 'Name a picture file.', cause);
    default: {
      const said = cause instanceof Error ? firstLine(cause.message) : String(cause);
      if (said === 'Input image exceeds channel limit' || said.startsWith('linear: vector must have'))
        return imageError(name, 'it has more channels than a picture of colours', BANDS, cause);
      // What the decoder says of data that end or break in the middle of a row.
      const why = said === 'Unknown error' ? 'its data are cut off or damaged' : said;
      return imageError(name, `it cannot be decoded as a picture (${why})`, SKIP, cause);
    }
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.trim();
}
