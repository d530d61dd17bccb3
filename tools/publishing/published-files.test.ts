import { describe, expect, it } from 'vitest';
import { promisedFiles, publishedFilesProblems } from './published-files.ts';

const manifest = {
  name: '@headstart/sample',
  version: '1.0.0',
  bin: { sample: './dist/main.js' },
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './testing': { types: './dist/testing/index.d.ts', default: './dist/testing/index.js' },
    './package.json': './package.json',
  },
};
const complete = [
  ...['package.json', 'README.md', 'LICENSE', 'NOTICE', 'dist/index.js', 'dist/index.d.ts', 'dist/main.js'],
  ...['dist/testing/index.js', 'dist/testing/index.d.ts', 'dist/testing/kit.js'],
];
const files = (paths: readonly string[], texts: Record<string, string> = {}) =>
  new Map(paths.map((path) => [path, texts[path] ?? '']));

describe('publishedFilesProblems', () => {
  it('collects what exports and bin point at', () => {
    expect(promisedFiles(manifest)).toEqual([
      ...['dist/index.d.ts', 'dist/index.js', 'dist/testing/index.d.ts', 'dist/testing/index.js'],
      ...['package.json', 'dist/main.js'],
    ]);
  });

  it('accepts a complete package', () => {
    const templates = ['templates/metric/src/plugin.test.ts', 'templates/shared/.github/workflows/ci.yml'];
    expect(publishedFilesProblems(manifest, files([...complete, ...templates]))).toEqual([]);
  });

  it('names each file that is promised and missing', () => {
    const without = complete.filter((path) => !/LICENSE|NOTICE|main/.test(path));
    expect(publishedFilesProblems(manifest, files(without))).toEqual([
      '@headstart/sample would be published without LICENSE.',
      '@headstart/sample would be published without NOTICE.',
      '@headstart/sample would be published without dist/main.js.',
    ]);
  });

  it.each([
    ...['dist/a.test.js', 'dist/a.test.child.js', 'dist/a.test.d.ts', 'dist/.tsbuildinfo', 'dist/index.js.map'],
    ...['src/index.ts', '.env', 'dist/runs/testing/fake.js'],
  ])('refuses %s', (path) => {
    expect(publishedFilesProblems(manifest, files([...complete, path]))).toEqual([
      `@headstart/sample would publish ${path}.`,
    ]);
  });

  it('refuses a module that names a source map', () => {
    const texts = { 'dist/index.js': 'export {};\n//# sourceMappingURL=index.js.map\n' };
    expect(publishedFilesProblems(manifest, files(complete, texts))).toEqual([
      '@headstart/sample: dist/index.js names a source map, which is not published.',
    ]);
  });

  it('refuses links of the README that leave the package, and no others', () => {
    const readme =
      '[a](../../docs/a.md#b) [c](LICENSE) [d](./NOTICE) [e](https://example.com) [f](#g) <img src="run.png"> `[h](i.md)`';
    expect(publishedFilesProblems(manifest, files(complete, { 'README.md': readme }))).toEqual([
      '@headstart/sample: its README links to ../../docs/a.md#b, which is not in the package.',
      '@headstart/sample: its README links to run.png, which is not in the package.',
    ]);
  });
});
