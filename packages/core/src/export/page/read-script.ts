import { readFile } from 'node:fs/promises';

/** A script for browsers, as it was built beside this package's modules. */
export function readScript(url: URL): Promise<string> {
  return readFile(url, 'utf8');
}

/** The declarations of `predict.js`. */
export function readDeclarations(): Promise<string> {
  return readFile(new URL('../browser/predict.entry.d.ts', import.meta.url), 'utf8');
}

/** A WebAssembly file of the runtime library. */
export function readWasm(name: string): Promise<Uint8Array> {
  return readFile(new URL(`../browser/${name}`, import.meta.url));
}
