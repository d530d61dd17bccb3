import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { workspacePackages } from '../workspace/packages.ts';
import { workspaceRoot } from '../workspace/root.mjs';

const git = async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: workspaceRoot })).stdout.trim();

/** A checkout of another commit. */
export interface CommitTree {
  readonly commit: string;
  readonly folder: string;
  /** Takes it away again. */
  remove(): Promise<void>;
}

/**
 * Checks a commit out beside the working tree, ready to run from its sources: its packages find one another, and of
 * others those that are installed in the working tree, whatever its own lock file says.
 * @throws Error where git knows no such commit
 */
export async function checkOut(ref: string): Promise<CommitTree> {
  const commit = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).catch(
    (cause: unknown) => {
      throw new Error(
        `"${ref}" is not a commit that git knows here. Name a branch, a tag or a commit; a shallow clone may have to fetch it first.`,
        { cause },
      );
    },
  );
  const parent = await mkdtemp(join(tmpdir(), 'headstart-commit-'));
  const folder = join(parent, 'tree');
  const remove = async () => {
    // Unregisters it; the folder goes in any case.
    await git('worktree', 'remove', '--force', folder).catch(() => {});
    await rm(parent, { recursive: true, force: true });
  };
  try {
    await git('worktree', 'add', '--quiet', '--detach', folder, commit);
    await linkDependencies(folder);
  } catch (error) {
    await remove();
    throw error;
  }
  return { commit, folder, remove };
}

/** Links what is installed, package by package, and the tree's own packages by their names. */
async function linkDependencies(tree: string): Promise<void> {
  const own = workspacePackages(tree);
  const ours = workspacePackages();
  const taken = new Set([...own, ...ours].map(({ manifest }) => manifest.name));
  for (const at of ['', ...ours.map(({ folder }) => relative(workspaceRoot, folder))]) {
    if (existsSync(join(workspaceRoot, at, 'node_modules')) && existsSync(join(tree, at))) {
      for (const name of await installed(join(workspaceRoot, at, 'node_modules'))) {
        if (!taken.has(name))
          await link(join(workspaceRoot, at, 'node_modules', name), join(tree, at, 'node_modules', name));
      }
    }
  }
  for (const { folder, manifest } of own) await link(folder, join(tree, 'node_modules', manifest.name));
}

/** Names of the packages in a node_modules. */
async function installed(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const within = names.map(async (name) =>
    name.startsWith('@') ? (await readdir(join(folder, name))).map((inner) => `${name}/${inner}`) : [name],
  );
  return (await Promise.all(within)).flat();
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, 'junction');
}
