import { posix } from 'node:path';
import type { Manifest } from '../workspace/packages.ts';

/** Files that every published package has, beside what its manifest points at. */
const required = ['package.json', 'README.md', 'LICENSE', 'NOTICE'];

/**
 * What has no business in a published package, except in templates of packages, which have their own sources and tests;
 * source maps neither, for the sources are not there.
 */
const unwanted = /(\.test\.|\.tsbuildinfo$|\.map$|^src\/|^node_modules\/|(^|\/)\.)/;

/** The files that a published manifest promises: exports, what its modules ask for by `#name`, and commands. */
export function promisedFiles(manifest: Manifest): string[] {
  const targets = Object.values({ ...manifest.exports, ...manifest.imports }).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  const all = [...targets, ...Object.values(manifest.bin ?? {})].map((path) => path.replace(/^\.\//, ''));
  return [...new Set(all)];
}

/** Relative targets of links and pictures in a page that are no files of the package. */
function brokenLinks(page: string, files: ReadonlyMap<string, string>): string[] {
  const prose = page.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)|\b(?:src|href)="([^"]+)"/g)]
    .map(([, link, attribute]) => link ?? attribute!)
    .filter((target) => !/^([a-z][a-z0-9+.-]*:|#)/i.test(target) && !files.has(posix.normalize(target.split('#')[0]!)));
}

/**
 * What is wrong with the files of a package as users get it, a sentence each; empty where all is well.
 * @param files text by path relative to the package
 */
export function publishedFilesProblems(manifest: Manifest, files: ReadonlyMap<string, string>): string[] {
  const { name } = manifest;
  const promised = promisedFiles(manifest);
  const missing = [...new Set([...required, ...promised])].filter((path) => !files.has(path));
  /** A folder of helpers is published where an entry lies in it. */
  const helper = (path: string) => {
    const folder = /^(.*\/)?testing\//.exec(path)?.[0];
    return folder !== undefined && !promised.some((entry) => entry.startsWith(folder));
  };
  return [
    ...missing.map((path) => `${name} would be published without ${path}.`),
    ...[...files.keys()]
      .filter((path) => !path.startsWith('templates/') && (unwanted.test(path) || helper(path)))
      .map((path) => `${name} would publish ${path}.`),
    ...[...files]
      .filter(([path, text]) => /\.([cm]?js|d\.ts)$/.test(path) && /^\/\/# sourceMappingURL=/m.test(text))
      .map(([path]) => `${name}: ${path} names a source map, which is not published.`),
    ...brokenLinks(files.get('README.md') ?? '', files).map(
      (target) => `${name}: its README links to ${target}, which is not in the package.`,
    ),
  ];
}
