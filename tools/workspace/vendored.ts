/**
 * Code of others that our packages hold. What a file in a package's `src/vendor/` imports of its devDependencies is put
 * into the compiled file in its place, so that users install neither those packages nor what they bring: install
 * scripts, source maps, backends that nobody opens. What the package depends on stays an import, shared with everyone.
 */
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Manifest, WorkspacePackage } from './packages.ts';
import { workspaceRoot } from './root.mjs';

/** A package of which ours holds code. */
export interface VendoredWork {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as its package.json has it. */
  readonly licence: string;
}

/** A compiled file with the code of others in it. */
export interface VendoredFile {
  /** Relative to the package's folder, such as `dist/vendor/tfjs-node.js`. */
  readonly path: string;
  readonly text: string;
  /** Ordered by name. */
  readonly works: readonly VendoredWork[];
}

/** Modules that are not taken as they are, by what is imported: the text that stands for each. */
const standIns: Readonly<Record<string, string>> = {
  // What TensorFlow.js's union package does for training; its layers, data and backends are left out.
  '@tensorflow/tfjs': [
    '@tensorflow/tfjs-core/dist/register_all_gradients.js',
    '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js',
  ]
    .map((module) => `import '${module}';`)
    .join('\n'),
  // Protocol buffers of tfjs-node's TensorBoard summaries, which need its native addon's file system.
  './proto/api_pb': '',
};

/** What CommonJS code is given for a module that it shares with us. tfjs-node's kernels ask the union for its core. */
const sharedAs: Readonly<Record<string, string>> = { '@tensorflow/tfjs': '@tensorflow/tfjs-core' };

/**
 * The compiled files of a package that hold code of others, as they are published.
 * @throws Error where code would come along that the package.json does not name in its very version
 */
export async function vendoredFiles({ folder, manifest }: WorkspacePackage): Promise<VendoredFile[]> {
  const sources = join(folder, 'src', 'vendor');
  if (!existsSync(sources)) return [];
  const shared = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
  const files: VendoredFile[] = [];
  for (const source of readdirSync(sources).sort()) {
    const { outputFiles, metafile } = await build({
      entryPoints: [join(sources, source)],
      absWorkingDir: workspaceRoot,
      outdir: join(folder, 'dist', 'vendor'),
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      legalComments: 'eof',
      plugins: [bundling(shared)],
      logLevel: 'warning',
    });
    const works = worksOf(Object.keys(metafile.inputs));
    for (const { name, version } of works) {
      const named = { ...manifest.dependencies, ...manifest.devDependencies }[name];
      if (named !== version)
        throw new Error(
          `${manifest.name} would hold code of ${name} ${version}, and its package.json names ${named ?? 'none'}: name this very version among its devDependencies.`,
        );
    }
    const path = `dist/vendor/${source.replace(/\.ts$/, '.js')}`;
    files.push({ path, text: `${heading(works)}\n${outputFiles[0]!.text}`, works });
  }
  return files;
}

/** Resolves what is shared to imports, what has a stand-in to that, and leaves the rest to be bundled. */
function bundling(shared: readonly string[]): Plugin {
  const builtin = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
  const isShared = (name: string) => shared.includes(name) || builtin.has(name);
  return {
    name: 'vendored',
    setup(bundler) {
      bundler.onResolve({ filter: /.*/ }, ({ path, kind, namespace }) => {
        if (namespace === 'default') return { path, external: true };
        if (path.startsWith('default:')) return { path: path.slice('default:'.length), namespace: 'default' };
        const name = kind === 'require-call' ? (sharedAs[path] ?? path) : path;
        if (isShared(name))
          return kind === 'require-call' ? { path: name, namespace: 'shared' } : { path, external: true };
        return standIns[path] === undefined ? undefined : { path, namespace: 'stand-in' };
      });
      bundler.onLoad({ filter: /\.js$/ }, ({ path }) => ({ contents: withNoticesKept(readFileSync(path, 'utf8')) }));
      const loaded = (contents: string) => ({ contents, resolveDir: workspaceRoot });
      bundler.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => loaded(standIns[path]!));
      // A `require` in a module of ECMAScript is none that bundlers or Node would follow: it becomes an import.
      bundler.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) =>
        loaded(`module.exports = require(${JSON.stringify(`default:${path}`)}).default;`),
      );
      bundler.onLoad({ filter: /.*/, namespace: 'default' }, ({ path }) =>
        loaded(`export { default } from ${JSON.stringify(path)};`),
      );
    },
  };
}

/** Marks comments that state a copyright, so that they are kept: bundlers know them by `!` or `@license`. */
function withNoticesKept(text: string): string {
  const states = (comment: string) => /copyright/i.test(comment) && !/@license|@preserve/.test(comment);
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => (states(comment) ? comment.replace(/^\/\*+!?/, '/*!') : comment))
    .replace(/(?:^[ \t]*\/\/.*\n)+/gm, (lines) => (states(lines) ? lines.replace(/^([ \t]*)\/\//gm, '$1//!') : lines));
}

/** The packages that bundled files are of. @param inputs relative to the workspace */
export function worksOf(inputs: readonly string[]): VendoredWork[] {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  return [...new Set(folders)]
    .map((folder) => {
      const path = join(workspaceRoot, folder, 'package.json');
      const { name, version, license } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
      if (license === undefined) throw new Error(`${name} ${version} states no licence, so that it cannot be held.`);
      return { name, version, licence: license };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Says at the top of a file what it is made of; the licence asks that changes are told. */
function heading(works: readonly VendoredWork[]): string {
  const made = works.map(({ name, version, licence }) => `// ${name} ${version}, ${licence}`);
  return ['// Bundled, with parts left out, from the JavaScript of', ...made, '// See NOTICE.'].join('\n');
}
