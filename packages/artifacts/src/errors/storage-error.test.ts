import { expect, it } from 'vitest';
import { HeadstartError } from './headstart-error.ts';
import { storageError, tooManyOpen } from './storage-error.ts';

const systemError = (code: string) => Object.assign(new Error(`${code}: it failed`), { code, syscall: 'open' });

it.each([
  ['ENOSPC', 'storage-full', 'space'],
  ['EROFS', 'storage-denied', 'access'],
  ['EMFILE', 'storage-failed', 'ulimit -n'],
  ['ENFILE', 'storage-failed', 'ulimit -n'],
  ['EIO', 'storage-failed', 'device'],
])('gives %s the code %s and what helps', (code, expected, hint) => {
  expect(storageError('read', 'f', systemError(code))).toMatchObject({
    code: expected,
    message: expect.stringContaining('Could not read f') as string,
    hint: expect.stringContaining(hint) as string,
  });
});

it('knows too many open files also as the cause of what failed', () => {
  const denied = storageError('read', 'f', systemError('EACCES'));
  const many = storageError('read', 'f', systemError('EMFILE'));
  const around = new HeadstartError({ code: 'target-unreadable', message: 'm', hint: 'h', cause: many });
  expect([denied, many, around, 'EMFILE', undefined].map(tooManyOpen)).toEqual([false, true, true, false, false]);
});
