import { describe, expect, it } from 'vitest';
import { publishedImportsProblems } from './published-imports.ts';

const manifest = {
  name: '@headstart/sample',
  version: '1.0.0',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
};
const problems = (files: Record<string, string>) => publishedImportsProblems(manifest, new Map(Object.entries(files)));

describe('publishedImportsProblems', () => {
  it('follows imports of every kind, workers and declarations', () => {
    expect(
      problems({
        'dist/index.js': `import './a.js'; export { b } from './b/b.js'; await import('./c.js');
          new Worker(new URL('./worker.js', import.meta.url));
          import x from '@scope/other'; readFile(new URL('./read.d.ts', import.meta.url));`,
        'dist/read.d.ts': '',
        'dist/index.d.ts': `export type { A } from './types.ts';`,
        'dist/a.js': '',
        'dist/types.js': '',
        'dist/types.d.ts': '',
        'dist/b/b.js': `import '../a.js';`,
        'dist/c.js': '',
        'dist/worker.js': '',
      }),
    ).toEqual([]);
  });

  it('refuses a file that is not published, and one that nothing asks for', () => {
    expect(problems({ 'dist/index.js': `import './gone.js';`, 'dist/index.d.ts': '', 'dist/idle.js': '' })).toEqual([
      '@headstart/sample: dist/index.js asks for ./gone.js, which is not published.',
      '@headstart/sample would publish dist/idle.js, which nothing in it asks for.',
    ]);
  });
});
