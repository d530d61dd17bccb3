import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import type { Manifest } from '../workspace/packages.ts';
import { importsOf } from './imports-of.ts';
import { promisedFiles } from './published-files.ts';
import type { StagedPackage } from './stage.ts';

/** A file that modules were put together into. */
interface Output {
  /** Relative to the package's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The modules in it. */
  readonly modules: readonly string[];
}

/**
 * Puts the modules of a laid-out package together: a file for each entry, and pieces for what several entries share and what is
 * imported when it is needed. Node resolves, reads and links each module by itself, which is most of the time in which
 * a command of a thousand modules starts. Files that are asked for by their path stay where they are: entries, programs,
 * scripts for pages, and what `vendor/` holds of others. Declarations stay as they are.
 *
 * @returns the package as it lies there then
 * @throws Error where esbuild fails
 */
export async function bundle({ folder, manifest, files }: StagedPackage): Promise<StagedPackage> {
  const modules = [...files.keys()].filter((path) => /^dist\/.*\.js$/.test(path));
  const entries = new Set(promisedFiles(manifest).filter((path) => modules.includes(path)));
  const together = (outputs: readonly Output[]) => new Set(outputs.flatMap((output) => output.modules));
  let outputs = await outputsOf(folder, manifest, [...entries]);
  for (;;) {
    // A program that is run by its path imports other modules, and none imports it.
    const bundled = together(outputs);
    const programs = modules.filter(
      (path) =>
        !bundled.has(path) &&
        !path.includes('/vendor/') &&
        importsOf(files.get(path)!).some((name) => name.startsWith('.')),
    );
    if (programs.length === 0) break;
    for (const program of programs) entries.add(program);
    outputs = await outputsOf(folder, manifest, [...entries]);
  }
  const laid = new Map(files);
  for (const path of together(outputs)) {
    rmSync(join(folder, path));
    laid.delete(path);
  }
  const acting = withEffects(manifest, outputs);
  for (const { path, text } of [...outputs, { path: 'package.json', text: `${JSON.stringify(acting, null, 2)}\n` }]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    laid.set(path, text);
  }
  return { folder, manifest: acting, files: laid };
}

async function outputsOf(folder: string, manifest: Manifest, entries: readonly string[]): Promise<Output[]> {
  if (entries.length === 0) return [];
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: entries.map((path) => ({ in: path, out: path.replace(/^dist\/(.*)\.js$/, '$1') })),
    outdir: 'dist',
    chunkNames: 'pieces/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // Errors and what is injected are known by the names of their classes.
    keepNames: true,
    plugins: [keepingPlaces(folder, manifest)],
    logLevel: 'warning',
  });
  return outputFiles.map(({ path: absolute, text }) => {
    const path = relative(folder, absolute).split(sep).join('/');
    return { path, text: placed(text, path), modules: Object.keys(metafile.outputs[path]!.inputs) };
  });
}

/** Stands for a file of the package in what esbuild writes, until it is known from where the file is asked for. */
const PLACE = 'headstart-place:';

/** What a module asks for beside itself, it asks for beside where it lay. */
function keepingPlaces(folder: string, { imports = {} }: Manifest): Plugin {
  const inPackage = (path: string) => relative(folder, path).split(sep).join('/');
  return {
    name: 'keeping-places',
    setup(bundler) {
      bundler.onResolve({ filter: /^\.{1,2}\/(?:.*\/)?vendor\/[^/]+\.js$/ }, ({ path, resolveDir }) => ({
        path: PLACE + inPackage(join(resolveDir, path)),
        external: true,
      }));
      bundler.onResolve({ filter: /^#/ }, ({ path }) => {
        const target = imports[path];
        const file = typeof target === 'string' ? target : target?.['default'];
        return file === undefined ? undefined : { path: join(folder, file) };
      });
      bundler.onLoad({ filter: /\.js$/ }, ({ path }) => ({
        contents: withUrl(
          readFileSync(path, 'utf8'),
          `new URL(${JSON.stringify(PLACE + inPackage(path))}, import.meta.url).href`,
        ),
      }));
    },
  };
}

/** A module with an expression in place of its `import.meta.url`, and not of what text that it writes says of its own. */
function withUrl(text: string, expression: string): string {
  if (!text.includes('import.meta')) return text;
  const source = ts.createSourceFile('module.js', text, ts.ScriptTarget.Latest);
  const places: (readonly [from: number, to: number])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression) && node.name.text === 'url')
      places.push([node.getStart(source), node.end]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return places.reduceRight((done, [from, to]) => done.slice(0, from) + expression + done.slice(to), text);
}

function placed(text: string, output: string): string {
  return text.replaceAll(new RegExp(`"${PLACE}([^"]+)"`, 'g'), (_, path: string) => {
    const from = posix.relative(posix.dirname(output), path);
    return JSON.stringify(from.startsWith('.') ? from : `./${from}`);
  });
}

/** The manifest whose `sideEffects` name the files that hold the modules which it named. */
function withEffects(manifest: Manifest, outputs: readonly Output[]): Manifest {
  const { sideEffects } = manifest as Manifest & { sideEffects?: boolean | readonly string[] };
  if (sideEffects === undefined || typeof sideEffects === 'boolean') return manifest;
  const acts = sideEffects.map((pattern) => {
    const [folders, name] = pattern.startsWith('**/') ? ['(?:.*/)?', pattern.slice(3)] : ['', pattern];
    return new RegExp(`^${folders}${name.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
  });
  const holding = outputs.filter(({ modules }) => modules.some((path) => acts.some((pattern) => pattern.test(path))));
  return { ...manifest, sideEffects: [...sideEffects, ...holding.map(({ path }) => `./${path}`)] } as Manifest;
}
