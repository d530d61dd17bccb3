import { derivedRoot, ensureFolder, makeFolder, withLock } from '@headstart/artifacts/storage';
import { HeadstartError, type Artifacts, type LocalArtifact } from '@headstart/core';
import { storageError } from '@headstart/artifacts/errors';
import { createHash } from 'node:crypto';
import { copyFile, link, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file of a repository, and whether a model can do without it. */
export interface HubFile {
  readonly name: string;
  readonly optional?: boolean;
}

/**
 * Files of a repository of the hub in one folder of the cache, as libraries read models that lie on the disk: fetched by one
 * commit and checked like every artifact, so that what is in the cache needs no network. The folder is named after the digests of its
 * files.
 *
 * @param repository `owner/repository[@revision]`
 * @throws HeadstartError `artifact-*`, `storage-*`
 */
export async function hubFolder(repository: string, files: readonly HubFile[], artifacts: Artifacts): Promise<string> {
  const [name, revision = 'main'] = repository.split('@');
  const found: FoundFile[] = [];
  for (const { name: file, optional = false } of files) {
    const fetched = await artifacts.file({ uri: `hf:${name}@${revision}/${file}` }).catch((error: unknown) => {
      if (optional && HeadstartError.is(error) && error.code === 'artifact-not-found') return undefined;
      throw error;
    });
    if (fetched) found.push([file, fetched]);
  }
  const digest = createHash('sha256').update(JSON.stringify(found.map(([file, { sha256 }]) => [file, sha256])));
  const own = digest.digest('hex').slice(0, 32);
  const all = join(derivedRoot(artifacts), 'transformers');
  const folder = join(all, own, name!.split('/').at(-1)!);
  if (await isWhole(found, folder)) return folder;
  // One process at a time: what another has made meanwhile is left as it is.
  await withLock(join(all, 'locks'), own, async () => {
    if (await isWhole(found, folder)) return;
    await rm(folder, { recursive: true, force: true });
    await makeFolder(folder, (work) => fill(work, found));
  }).catch((cause: unknown) => Promise.reject(storageError('write', folder, cause)));
  return folder;
}

type FoundFile = readonly [name: string, artifact: LocalArtifact];

async function isWhole(files: readonly FoundFile[], folder: string): Promise<boolean> {
  const isThere = files.map(([file, { bytes }]) =>
    stat(join(folder, file)).then(
      ({ size }) => size === bytes,
      () => false,
    ),
  );
  return (await Promise.all(isThere)).every(Boolean);
}

async function fill(folder: string, files: readonly FoundFile[]): Promise<void> {
  for (const [file, { path }] of files) {
    const to = join(folder, file);
    await ensureFolder(dirname(to));
    // Links where the cache is on one file system, as it is.
    await link(path, to).catch(() => copyFile(path, to));
  }
}
