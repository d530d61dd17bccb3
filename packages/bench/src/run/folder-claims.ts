import { join } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { withFreeLock } from '@headstart/artifacts/storage';
import { WORK_FOLDER } from '../records/work-folder.ts';
import type { Claims } from './work.ts';

/** Claims by lock files in a benchmark's folder; those of processes that have ended are free. */
export function folderClaims(dir: string): Claims {
  const folder = join(dir, WORK_FOLDER);
  async function holding<T>(
    names: readonly string[],
    work: (held: ReadonlySet<string>) => Promise<T>,
    held: ReadonlySet<string> = new Set(),
  ): Promise<T> {
    const [name, ...rest] = names;
    if (name === undefined) return work(held);
    const taken = new HeadstartError({
      code: 'run-in-use',
      message: `Another process is at ${name}.`,
      hint: 'Wait for it.',
    });
    try {
      return await withFreeLock(
        folder,
        `claim-${name}`,
        () => taken,
        () => holding(rest, work, new Set([...held, name])),
      );
    } catch (error) {
      if (error !== taken) throw error;
      return holding(rest, work, held);
    }
  }
  return { holding: (names, work) => holding(names, work) };
}
