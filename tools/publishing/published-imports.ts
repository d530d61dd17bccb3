import { posix } from 'node:path';
import type { Manifest } from '../workspace/packages.ts';
import { importsOf } from './imports-of.ts';
import { promisedFiles } from './published-files.ts';

/** Modules and declarations that a module names without importing them, as those of other processes are. */
const named = (text: string) =>
  Array.from(text.matchAll(/['"](\.{1,2}\/[^'"\s]+\.(?:js|d\.ts))['"]/g), ([, path]) => path!);

/** A module by its path without extension: `dist/a` is `dist/a.js` with `dist/a.d.ts`, which declarations call `./a.ts`. */
const moduleOf = (path: string) => path.replace(/(\.d)?\.[cm]?[jt]s$/, '');

/**
 * What is wrong with the modules of a package as users get it, a sentence each: a module or a declaration that asks for
 * a file which is not published, and modules that nothing asks for.
 * @param files text by path relative to the package
 */
export function publishedImportsProblems(manifest: Manifest, files: ReadonlyMap<string, string>): string[] {
  const { name } = manifest;
  const problems: string[] = [];
  /** The modules that each module asks for, by value or by type. */
  const arrows = new Map<string, Set<string>>();
  for (const [path, text] of files) {
    if (!/\.([cm]?js|d\.ts)$/.test(path)) continue;
    const own = arrows.get(moduleOf(path)) ?? new Set();
    arrows.set(moduleOf(path), own);
    const beside = (specifier: string) => posix.join(posix.dirname(path), specifier);
    for (const specifier of named(text)) own.add(moduleOf(beside(specifier)));
    for (const specifier of importsOf(text)) {
      if (!specifier.startsWith('.')) continue;
      const file = beside(specifier);
      const declared = path.endsWith('.d.ts') ? file.replace(/(?<!\.d)\.([cm]?)[jt]s$/, '.d.$1ts') : file;
      if (files.has(declared)) own.add(moduleOf(file));
      else problems.push(`${name}: ${path} asks for ${specifier}, which is not published.`);
    }
  }
  const reached = new Set<string>();
  const visit = (module: string): void => {
    if (reached.has(module)) return;
    reached.add(module);
    arrows.get(module)?.forEach(visit);
  };
  promisedFiles(manifest).map(moduleOf).forEach(visit);
  const idle = [...arrows.keys()].filter((module) => !reached.has(module));
  return [...problems, ...idle.map((module) => `${name} would publish ${module}.js, which nothing in it asks for.`)];
}
