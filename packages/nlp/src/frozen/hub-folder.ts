import { cacheRoot } from '@headstart/artifacts/storage';
import { HeadstartError, type Artifacts, type LocalArtifact } from '@headstart/core';
import { storageError } from '@headstart/artifacts/errors';
import { createHash, randomBytes } from 'node:crypto';
import { copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
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
  const found: [string, LocalArtifact][] = [];
  for (const { name: file, optional = false } of files) {
    const fetched = await artifacts.file({ uri: `hf:${name}@${revision}/${file}` }).catch((error: unknown) => {
      if (optional && HeadstartError.is(error) && error.code === 'artifact-not-found') return undefined;
      throw error;
    });
    if (fetched) found.push([file, fetched]);
  }
  const digest = createHash('sha256').update(JSON.stringify(found.map(([file, { sha256 }]) => [file, sha256])));
  const folder = join(cacheRoot(), 'transformers', digest.digest('hex').slice(0, 32), name!.split('/').at(-1)!);
  const isThere = await Promise.all(
    found.map(([file, { bytes }]) =>
      stat(join(folder, file)).then(
        ({ size }) => size === bytes,
        () => false,
      ),
    ),
  );
  if (!isThere.every(Boolean)) await put(found, folder);
  return folder;
}

async function put(files: readonly (readonly [string, LocalArtifact])[], folder: string): Promise<void> {
  const aside = `${dirname(folder)}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    for (const [file, { path }] of files) {
      const to = join(aside, file);
      await mkdir(dirname(to), { recursive: true });
      // Links where the cache is on one file system, as it is.
      await link(path, to).catch(() => copyFile(path, to));
    }
    await mkdir(dirname(folder), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } catch (cause) {
    throw storageError('write', folder, cause);
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
  }
}
