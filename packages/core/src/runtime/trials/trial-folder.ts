import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storageError } from '@headstart/artifacts/errors';

/** Does work in a folder that is gone afterwards. */
export async function inTrialFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await newFolder();
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function newFolder(): Promise<string> {
  const prefix = join(tmpdir(), 'headstart-trial-');
  try {
    return await mkdtemp(prefix);
  } catch (error) {
    throw storageError('create a folder for a trial', prefix, error);
  }
}
