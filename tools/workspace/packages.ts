import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './root.mjs';

/** What the workspace's programs read of a package.json. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  license?: string;
  description?: string;
  keywords?: string[];
  publishConfig?: { access?: string; provenance?: boolean };
  type?: string;
  engines?: Record<string, string>;
  files?: string[];
  bin?: Record<string, string>;
  exports?: Record<string, string | Record<string, string>>;
  imports?: Record<string, string | Record<string, string>>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  nx?: { tags?: string[]; targets?: Record<string, unknown> };
  /** What a plugin brings. */
  headstart?: unknown;
}

export interface WorkspacePackage {
  /** Absolute path of the package's folder. */
  folder: string;
  manifest: Manifest;
}

/** What a package can be imported as, such as `@headstart/core/images`, with each one's source; `package.json` is none. */
export function entriesOf({ folder, manifest }: WorkspacePackage): { entry: string; source: string }[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) => {
    const source = typeof target === 'string' ? undefined : target['@headstart/source'];
    return source === undefined ? [] : [{ entry: manifest.name + path.slice(1), source: join(folder, source) }];
  });
}

/** Every package under packages/, ordered by folder name. */
export function workspacePackages(root: string = workspaceRoot): WorkspacePackage[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .sort()
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
    }));
}

/**
 * The packages that users get. Each is private in its source folder, where a clone may be unbuilt, and published from where
 * `npm run build` lays it out.
 */
export function publishedPackages(root: string = workspaceRoot): WorkspacePackage[] {
  return workspacePackages(root).filter(({ manifest }) => manifest.publishConfig !== undefined);
}
