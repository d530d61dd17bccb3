import { describe, expect, it } from 'vitest';
import { promisedFiles, publishedFilesProblems } from './published-files.ts';

const manifest = {
  name: '@headstart/sample',
  version: '1.0.0',
  bin: { sample: './dist/main.js' },
  exports: {
    '.': { '@headstart/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
};
const complete = ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'dist/index.js', 'dist/index.d.ts', 'dist/main.js'];

describe('publishedFilesProblems', () => {
  it('collects what exports and bin point at, without the source condition', () => {
    expect(promisedFiles(manifest)).toEqual(['dist/index.d.ts', 'dist/index.js', 'package.json', 'dist/main.js']);
  });

  it('accepts a complete package', () => {
    const templates = ['templates/metric/src/plugin.test.ts', 'templates/shared/.github/workflows/ci.yml'];
    expect(publishedFilesProblems(manifest, [...complete, ...templates])).toEqual([]);
  });

  it('names each file that is promised and missing', () => {
    expect(
      publishedFilesProblems(
        manifest,
        complete.filter((path) => !/LICENSE|main/.test(path)),
      ),
    ).toEqual([
      '@headstart/sample would be published without LICENSE.',
      '@headstart/sample would be published without dist/main.js.',
    ]);
  });

  it.each(['dist/a.test.js', 'dist/a.test.d.ts', 'dist/.tsbuildinfo', 'src/index.ts', '.env'])('refuses %s', (path) => {
    expect(publishedFilesProblems(manifest, [...complete, path])).toEqual([`@headstart/sample would publish ${path}.`]);
  });
});
