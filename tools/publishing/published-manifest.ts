import type { Manifest } from '../workspace/packages.ts';

/** Where the sources are kept, as the workspace's root manifest has it; absent where they are not public yet. */
export interface Origin {
  repository?: { type: string; url: string };
  homepage?: string;
  bugs?: string | { url: string };
}

/** What only the workspace reads of a manifest. `private` keeps npm from publishing the source folder itself. */
const workspaceOnly = ['private', 'scripts', 'devDependencies', 'nx'] as const;

/** A map of exports or imports without the condition that leads to the sources, which are not published. */
function withoutSources(map: NonNullable<Manifest['exports']>): NonNullable<Manifest['exports']> {
  const published = (target: Record<string, string>) =>
    Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== '@headstart/source'));
  return Object.fromEntries(
    Object.entries(map).map(([path, target]) => [path, typeof target === 'string' ? target : published(target)]),
  );
}

/**
 * The package.json that users get: the workspace's, without what only the workspace reads, with the address of the
 * sources that the root has.
 * @param folder the package's folder relative to the root, with slashes
 */
export function publishedManifest(manifest: Manifest, folder: string, origin: Origin): Manifest {
  const { repository, homepage, bugs } = origin;
  const { exports, imports, ...rest } = Object.fromEntries(
    Object.entries(manifest).filter(([field]) => !(workspaceOnly as readonly string[]).includes(field)),
  ) as unknown as Manifest;
  return {
    ...rest,
    ...(repository && { repository: { ...repository, directory: folder } }),
    ...(homepage && { homepage }),
    ...(bugs && { bugs }),
    ...(exports && { exports: withoutSources(exports) }),
    ...(imports && { imports: withoutSources(imports) }),
  };
}

/** What is wrong with a package.json that is to be published, a sentence each; empty where all is well. */
export function publishedManifestProblems(manifest: Manifest): string[] {
  const { name, keywords = [], publishConfig } = manifest;
  // Core says what it has built in likewise, and is no plugin.
  const usesCore = '@headstart/core' in { ...manifest.dependencies, ...manifest.peerDependencies };
  return [
    ...(publishConfig?.access === 'public' ? [] : [`${name} has no "publishConfig": { "access": "public" }.`]),
    ...(publishConfig?.provenance === true ? [] : [`${name} has no "publishConfig": { "provenance": true }.`]),
    ...(keywords.length > 0 ? [] : [`${name} has no "keywords": npm finds it by its name alone.`]),
    ...(manifest.headstart === undefined || !usesCore || keywords.includes('headstart-plugin')
      ? []
      : [
          `${name} has a plugin's manifest and not the keyword "headstart-plugin", by which the command finds plugins.`,
        ]),
  ];
}
