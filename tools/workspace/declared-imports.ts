import { isBuiltin } from 'node:module';
import ts from 'typescript';
import type { Manifest } from './packages.ts';

/** A published file: where it is in the package, and what it says. */
export interface PublishedText {
  readonly path: string;
  readonly text: string;
}

/**
 * Which imports of a package's published files (JavaScript and declarations) its package.json does not declare, a
 * sentence each. pnpm and Yarn's Plug'n'Play give a package only what it declares.
 */
export function undeclaredImports(manifest: Manifest, files: readonly PublishedText[]): string[] {
  const declared = new Set([
    manifest.name,
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  return files.flatMap(({ path, text }) => {
    const names = ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName }) => packageOf(fileName));
    return [...new Set(names)]
      .filter((name) => !declared.has(name))
      .map((name) => `${manifest.name} imports ${name} in ${path} without declaring it: name it in its package.json.`);
  });
}

/**
 * The package that a specifier names; none where it is a path, a subpath of the file's own package, Node's, or what
 * Plug'n'Play adds to Node.
 */
function packageOf(specifier: string): string[] {
  if (/^[./#]/.test(specifier) || isBuiltin(specifier) || specifier === 'pnpapi') return [];
  return [specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')];
}
