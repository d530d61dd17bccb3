import { describe, expect, it } from 'vitest';
import { loadTransformers } from './transformers-library.ts';

const absent = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code: 'ERR_MODULE_NOT_FOUND' });

describe('loadTransformers', () => {
  it('prefers the successor and takes the other where it is absent', async () => {
    const both = await loadTransformers(undefined, async (name) => ({ name }));
    expect(both.name).toBe('@huggingface/transformers');
    const older = await loadTransformers(undefined, async (name) => {
      if (name === '@huggingface/transformers') throw absent(name);
      return { name };
    });
    expect(older).toEqual({ name: '@xenova/transformers', module: { name: '@xenova/transformers' } });
  });

  it('says what to install where there is neither', async () => {
    const neither = loadTransformers(undefined, async (name) => Promise.reject(absent(name)));
    await expect(neither).rejects.toMatchObject({
      code: 'not-supported',
      message:
        'Sources of the form transformers:… run on transformers.js, and @huggingface/transformers or @xenova/transformers is not installed.',
      hint: 'Install it: npm install @huggingface/transformers',
    });
  });

  it('tells a package that is there and does not load from one that is not', async () => {
    const broken = loadTransformers(undefined, async () => Promise.reject(absent('onnxruntime-node')));
    await expect(broken).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringMatching(/is installed but cannot be loaded: .*onnxruntime-node/) as string,
    });
  });

  it('does not find a package that is not there by real import', async () => {
    await expect(loadTransformers(['@headstart/absent' as never])).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringContaining('is not installed') as string,
    });
  });
});
