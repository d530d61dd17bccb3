import { version_core } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { enginePackage } from './engine-package.ts';

const failing = (code: string, message: string) => async () => {
  throw Object.assign(new Error(message), { code });
};

describe('enginePackage', () => {
  it('gives what the package exports', async () => {
    expect(await enginePackage('sample', async () => ({ version: '1' }))).toEqual({ version: '1' });
  });

  it.each([
    ['ERR_MODULE_NOT_FOUND', "Cannot find package '@tensorflow/tfjs-backend-wasm' imported from /app/wasm.js"],
    [
      'MODULE_NOT_FOUND',
      "@headstart/backend tried to access @tensorflow/tfjs-backend-wasm (a peer dependency) but it isn't provided by its ancestors\n\nRequired package: other",
    ],
  ])('says how to install it where it is missing: %s', async (code, message) => {
    await expect(enginePackage('@tensorflow/tfjs-backend-wasm', failing(code, message))).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: `@tensorflow/tfjs-backend-wasm is not installed, which this engine is (npm install @tensorflow/tfjs-backend-wasm@${version_core}).`,
    });
  });

  it.each([
    ['ERR_MODULE_NOT_FOUND', "Cannot find package 'other' imported from /app/node_modules/sample/index.js"],
    ['ERR_DLOPEN_FAILED', 'sample.node: cannot open shared object file'],
  ])('leaves other failures as they are: %s', async (code, message) => {
    await expect(enginePackage('@tensorflow/tfjs-backend-wasm', failing(code, message))).rejects.toMatchObject({
      code,
      message,
    });
  });
});
