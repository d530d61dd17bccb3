import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageScript } from '@headstart/core/export';
import { build } from 'esbuild';
import { workspaceRoot } from './root.mjs';
import { worksOf, type VendoredFile } from './vendored.ts';

/** WebAssembly that the script beside it loads. */
const WASM = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];

/**
 * Bundles what a package ships for browsers, `src/…/browser/*.entry.ts`, into its compiled files, each complete in itself,
 * and puts the WebAssembly of TensorFlow.js beside the script that needs it.
 * @param folder the package's
 * @returns the files that hold code of others, and whose it is
 */
export async function writePageScripts(folder: string): Promise<Pick<VendoredFile, 'path' | 'works'>[]> {
  const entries = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.entry.ts') && path.split(sep).at(-2) === 'browser',
  );
  for (const browser of new Set(entries.map((entry) => join(folder, 'dist', dirname(entry))))) clear(browser);
  const holding: Pick<VendoredFile, 'path' | 'works'>[] = [];
  for (const entry of entries.sort()) {
    const source = join(folder, 'src', entry);
    const path = join('dist', entry.replace(/\.ts$/, '.js'));
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, await pageScript(pathToFileURL(source)));
    if (basename(entry) === 'tensorflow.entry.ts') for (const name of WASM) copyWasm(name, dirname(target));
    const works = await worksIn(source);
    if (works.length > 0) holding.push({ path: path.split(sep).join('/'), works });
  }
  return holding;
}

/** The declarations of `predict.js`, as they are compiled and as they are published. */
const COMPILED = 'contract.d.ts';
const PUBLISHED = 'predict.entry.d.ts';

/** Takes away what was compiled file by file, for nobody imports scripts for browsers; `predict.js` keeps its types. */
function clear(browser: string): void {
  if (!existsSync(browser)) return;
  if (existsSync(join(browser, COMPILED))) renameSync(join(browser, COMPILED), join(browser, PUBLISHED));
  for (const name of readdirSync(browser))
    if (name !== PUBLISHED && !name.endsWith('.tsbuildinfo')) rmSync(join(browser, name));
}

async function worksIn(source: string): Promise<VendoredFile['works']> {
  const { metafile } = await build({
    entryPoints: [source],
    absWorkingDir: workspaceRoot,
    bundle: true,
    platform: 'browser',
    format: 'esm',
    conditions: ['@headstart/source'],
    external: ['node:*'],
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  // What a package leaves out for browsers stands there as disabled.
  return worksOf(Object.keys(metafile.inputs).filter((path) => !path.startsWith('(disabled):')));
}

function copyWasm(name: string, folder: string): void {
  const { resolve } = createRequire(import.meta.url);
  copyFileSync(resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}`), join(folder, name));
}
