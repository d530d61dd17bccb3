import { readFile, rm } from 'node:fs/promises';
import { writeAtomic } from '@headstart/artifacts/storage';
import { indexName, indexText, LEFT_OUT, parseIndex } from './segment-index.ts';

/** What is read, or undefined where another process has removed it: to make room, or because it was damaged. */
export async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Takes the damaged rows of a segment out of its index, so that nobody finds them any more; a segment without a row is
 * removed. Where that cannot be, they are found damaged again.
 */
export async function leaveOut(path: string, isDamaged: readonly boolean[]): Promise<void> {
  if (!isDamaged.includes(false)) return removeSegment(path);
  try {
    const index = parseIndex(await readFile(indexName(path), 'utf8'));
    if (!index || index.digests.length !== isDamaged.length) return;
    const digests = index.digests.map((digest, row) => (isDamaged[row] ? LEFT_OUT : digest));
    await writeAtomic(indexName(path), indexText({ ...index, digests }));
  } catch {
    // Removed, or not to be written to.
  }
}

/** Removes a segment, its index first; where that cannot be, it is found damaged again. */
export async function removeSegment(path: string): Promise<void> {
  for (const file of [indexName(path), path]) await rm(file, { force: true }).catch(() => {});
}
