import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeStaleOutputs } from './stale-outputs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-stale-'));
  const kept = [
    'src/index.ts',
    'src/a/kept.ts',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/a/kept.js',
    'dist/a/data.wasm',
  ];
  const stale = ['dist/gone.js', 'dist/gone.d.ts', 'dist/a/moved.js', 'dist/a/moved.js.map'];
  for (const path of [...kept, ...stale]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), '');
  }
});
afterAll(() => rm(folder, { recursive: true }));

it('removes the outputs of modules that are gone, and nothing else', () => {
  expect(removeStaleOutputs(folder).sort()).toEqual(['a/moved.js', 'a/moved.js.map', 'gone.d.ts', 'gone.js']);
  expect(existsSync(join(folder, 'dist/gone.js'))).toBe(false);
  for (const path of ['index.js', 'index.d.ts', 'a/kept.js', 'a/data.wasm'])
    expect(existsSync(join(folder, 'dist', path)), path).toBe(true);
  expect(removeStaleOutputs(folder)).toEqual([]);
});

it('has nothing to do in a package that was not compiled', () => {
  expect(removeStaleOutputs(join(folder, 'src'))).toEqual([]);
});
