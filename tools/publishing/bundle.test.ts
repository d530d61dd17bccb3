import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { bundle } from './bundle.ts';

const manifest = {
  name: '@headstart/sample',
  version: '1.0.0',
  type: 'module',
  sideEffects: ['**/vendor/*', '**/deep/registers.*'],
  imports: { '#reads': { types: './dist/deep/reads.d.ts', default: './dist/deep/reads.js' } },
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './other': { types: './dist/entries/other.d.ts', default: './dist/entries/other.js' },
    './package.json': './package.json',
  },
};
const sources: Readonly<Record<string, string>> = {
  'dist/index.js':
    "import './deep/registers.js';\nexport { counter } from './deep/counter.js';\nexport { note, noteUrl } from '#reads';\nexport { held } from './vendor/held.js';\nexport const written = `at ${1} new URL('..', import.meta.url)`; // import.meta.url\nexport const later = async () => (await import('./deep/later.js')).default;\n",
  'dist/entries/other.js':
    "import { counter } from '../deep/counter.js';\nexport { held } from '../vendor/held.js';\nexport const raise = () => ++counter.value;\n",
  'dist/deep/counter.js': 'export const counter = { value: 0 };\nexport class Kept {}\n',
  'dist/deep/registers.js': 'globalThis.registered = (globalThis.registered ?? 0) + 1;\n',
  'dist/deep/reads.js':
    "import { readFileSync } from 'node:fs';\nexport const noteUrl = import.meta.url;\nexport const note = () => readFileSync(new URL('../note.txt', import.meta.url), 'utf8');\n",
  'dist/deep/later.js': "export default 'later';\n",
  'dist/deep/program.js': "import { counter } from './counter.js';\nconsole.log('program', counter.value);\n",
  'dist/vendor/held.js': '// of others\nexport const held = { by: import.meta.url };\n',
  'dist/page/page.entry.js': 'export {};\n',
  'dist/index.d.ts': 'export declare const counter: { value: number };\n',
  'dist/note.txt': 'as it lay\n',
};

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('puts modules together and keeps what they share, where they lay, what is asked for by its path and what acts', async () => {
  folder = mkdtempSync(join(tmpdir(), 'headstart-bundle-'));
  const texts = { ...sources, 'package.json': JSON.stringify(manifest) };
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { files, manifest: published } = await bundle({ folder, manifest, files: new Map(Object.entries(texts)) });

  for (const path of ['counter', 'registers', 'later'])
    expect([path, existsSync(join(folder, `dist/deep/${path}.js`))]).toEqual([path, false]);
  for (const path of ['dist/vendor/held.js', 'dist/page/page.entry.js', 'dist/index.d.ts'])
    expect(files.get(path)).toBe(sources[path]);
  for (const path of files.keys()) expect(existsSync(join(folder, path))).toBe(true);
  const { sideEffects } = published as unknown as { sideEffects: string[] };
  expect(sideEffects).toEqual([...manifest.sideEffects, './dist/index.js']);
  expect(files.get('package.json')).toContain('./dist/index.js');

  const program = `
    const one = await import('@headstart/sample');
    const other = await import('@headstart/sample/other');
    other.raise();
    console.log(JSON.stringify([one.counter.value, one.note(), await one.later(), one.held === other.held, registered,
      one.written, one.noteUrl.endsWith('/dist/deep/reads.js'), one.held.by.endsWith('/dist/vendor/held.js')]));`;
  const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(JSON.parse(run('--input-type=module', '--eval', program))).toEqual([
    ...[1, 'as it lay\n', 'later', true, 1],
    ...["at 1 new URL('..', import.meta.url)", true, true],
  ]);
  expect(run('dist/deep/program.js')).toBe('program 0\n');
});
