import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageScript } from '@headstart/core/export';

/** WebAssembly that the script beside it loads. */
const WASM = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];

/**
 * Bundles what a package ships for browsers, `src/…/browser/*.entry.ts`, into its compiled files, each complete in itself,
 * and puts the WebAssembly of TensorFlow.js beside the script that needs it.
 * @param folder the package's
 */
export async function writePageScripts(folder: string): Promise<void> {
  const entries = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.entry.ts') && path.split(sep).at(-2) === 'browser',
  );
  for (const entry of entries) {
    const target = join(folder, 'dist', entry.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, await pageScript(pathToFileURL(join(folder, 'src', entry))));
    if (basename(entry) === 'tensorflow.entry.ts') for (const name of WASM) copyWasm(name, dirname(target));
  }
}

function copyWasm(name: string, folder: string): void {
  const { resolve } = createRequire(import.meta.url);
  copyFileSync(resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}`), join(folder, name));
}
