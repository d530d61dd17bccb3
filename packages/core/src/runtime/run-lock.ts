import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder, holderName, isThisProcess, withFreeLock, type Holder } from '@headstart/artifacts/storage';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';

const NAME = '.run';

/**
 * Runs work while no other process trains in the run's folder. The folder is made where there is none, and
 * removed where nothing is left in it. The lock of a process that has ended is taken over.
 *
 * @param work gets a signal that is aborted with the error `run-in-use` where another process took the run over,
 * taking this one for dead: the folder is not to be touched any more
 * @throws HeadstartError `run-in-use`, `storage-*`
 */
export async function holdingRun<T>(directory: string, work: (takenOver: AbortSignal) => Promise<T>): Promise<T> {
  try {
    await ensureFolder(directory);
  } catch (error) {
    throw storageError('create the run folder', directory, error);
  }
  try {
    return await withFreeLock(
      directory,
      NAME,
      (holder) => inUse(directory, holder),
      async (lost) => {
        const takenOver = new AbortController();
        lost.addEventListener('abort', () => takenOver.abort(takenAway(directory)));
        return work(takenOver.signal);
      },
    );
  } finally {
    await rmdir(directory).catch(() => {}); // done where the folder is empty
  }
}

function inUse(directory: string, holder: Holder | undefined): HeadstartError {
  const who = !holder ? 'another process' : isThisProcess(holder) ? 'this process' : holderName(holder);
  return new HeadstartError({
    code: 'run-in-use',
    message: `The run in ${directory} is being trained by ${who}.`,
    hint: `Wait for it or end it, or train in another folder. Half a minute after a process was lost, its run is free; if it is not, remove ${join(directory, `${NAME}.lock`)}.`,
  });
}

function takenAway(directory: string): HeadstartError {
  return new HeadstartError({
    code: 'run-in-use',
    message: `Another process took over the run in ${directory} while this one did not respond.`,
    hint: 'Let the other process finish; this one has left the folder as it was.',
  });
}
