import type { Manifest } from './packages.ts';

/** Files that every published package has, beside what its manifest points at. */
const required = ['package.json', 'README.md', 'LICENSE', 'NOTICE'];

/** What has no business in a published package, except in templates of packages, which have their own sources and tests. */
const unwanted = /(\.test\.|\.tsbuildinfo$|^src\/|^node_modules\/|(^|\/)\.)/;

/** The files that a manifest promises: exports (without the workspace's own condition) and commands. */
export function promisedFiles(manifest: Manifest): string[] {
  const targets = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string'
      ? [target]
      : Object.entries(target)
          .filter(([condition]) => condition !== '@headstart/source')
          .map(([, path]) => path),
  );
  const all = [...targets, ...Object.values(manifest.bin ?? {})].map((path) => path.replace(/^\.\//, ''));
  return [...new Set(all)];
}

/**
 * What is wrong with a package's list of published files, a sentence each; empty where all is well.
 * @param files paths relative to the package, as `npm pack` lists them
 */
export function publishedFilesProblems(manifest: Manifest, files: readonly string[]): string[] {
  const present = new Set(files);
  const missing = [...new Set([...required, ...promisedFiles(manifest)])].filter((path) => !present.has(path));
  return [
    ...missing.map((path) => `${manifest.name} would be published without ${path}.`),
    ...files
      .filter((path) => unwanted.test(path) && !path.startsWith('templates/'))
      .map((path) => `${manifest.name} would publish ${path}.`),
  ];
}
