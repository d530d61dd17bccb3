import { isBuiltin } from 'node:module';
import type { Manifest } from '../workspace/packages.ts';
import { importsOf } from './imports-of.ts';

/**
 * Which imports of a package's published files (JavaScript and declarations) its package.json does not declare, a
 * sentence each. pnpm and Yarn's Plug'n'Play give a package only what it declares.
 * @param files text by path relative to the package
 */
export function undeclaredImports(manifest: Manifest, files: ReadonlyMap<string, string>): string[] {
  const declared = new Set([
    manifest.name,
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  const code = [...files].filter(([path]) => /\.(js|d\.ts)$/.test(path));
  return code.flatMap(([path, text]) =>
    [...new Set(importsOf(text).flatMap(packageOf))]
      .filter((name) => !declared.has(name))
      .map((name) => `${manifest.name} imports ${name} in ${path} without declaring it: name it in its package.json.`),
  );
}

/**
 * The package that a specifier names; none where it is a path, a subpath of the file's own package, Node's, or what
 * Plug'n'Play adds to Node.
 */
function packageOf(specifier: string): string[] {
  if (/^[./#]/.test(specifier) || isBuiltin(specifier) || specifier === 'pnpapi') return [];
  return [specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')];
}
