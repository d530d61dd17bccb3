import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readWasm } from '#read-script';
import type { PageFile } from '../../tasks/page-description.ts';
import { pageScript } from './page-script.ts';

/** The library that runs a format in a page. */
export type PageRuntime = 'tfjs' | 'onnx';

/** WebAssembly of TensorFlow.js: with vector instructions, and for browsers without. */
const TENSORFLOW_WASM = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];

/** What a page needs of onnxruntime-web's `dist` folder. */
export const ONNX_RUNTIME_FILES = ['ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm'];

/** The library's files, in `runtime/`; none where it is not installed. */
export async function runtimeFiles(runtime: PageRuntime): Promise<PageFile[]> {
  return runtime === 'tfjs' ? tensorflowFiles() : onnxRuntimeFiles();
}

async function tensorflowFiles(): Promise<PageFile[]> {
  const script = await pageScript(new URL('../browser/tensorflow.entry.js', import.meta.url));
  const wasm = TENSORFLOW_WASM.map(async (name): Promise<PageFile> => [`runtime/${name}`, await readWasm(name)]);
  return [['runtime/tensorflow.js', script], ...(await Promise.all(wasm))];
}

async function onnxRuntimeFiles(): Promise<PageFile[]> {
  const folder = onnxRuntimeFolder();
  if (folder === undefined) return [];
  try {
    const files = ONNX_RUNTIME_FILES.map(
      async (name): Promise<PageFile> => [`runtime/${name}`, await readFile(join(folder, name))],
    );
    return await Promise.all(files);
  } catch {
    // A version with other files: the README says what to put there.
    return [];
  }
}

/** The `dist` folder of onnxruntime-web: the user's, or the one that transformers.js brings. */
function onnxRuntimeFolder(): string | undefined {
  const user = pathToFileURL(join(process.cwd(), 'package.json'));
  for (const from of [user, import.meta.url]) {
    const { resolve } = createRequire(from);
    for (const within of ['', '@huggingface/transformers']) {
      try {
        const start = within ? createRequire(resolve(within)).resolve : resolve;
        return dirname(start('onnxruntime-web'));
      } catch {
        // Not installed there.
      }
    }
  }
  return undefined;
}
