import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// What the package's build writes, made from the workspace's sources: the same names as read-script.ts.

/** A script for browsers, bundled from the TypeScript file of its name. Libraries in it are made small. */
export async function readScript(url: URL): Promise<string> {
  const entry = fileURLToPath(url).replace(/\.js$/, '.ts');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@headstart/source'],
    // What a script uses of a package may do without Node where other parts of the package do not; these are left out.
    external: ['node:*'],
    // Comments in a bundle name files from here, wherever the program runs.
    absWorkingDir: dirname(entry),
    minify: entry.endsWith('tensorflow.entry.ts'),
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

export function readDeclarations(): Promise<string> {
  return readFile(new URL('../browser/contract.ts', import.meta.url), 'utf8');
}

export function readWasm(name: string): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}`));
}
