import { describe, expect, it } from 'vitest';
import { publishedPackages, workspacePackages } from '../workspace/packages.ts';
import { publishedManifest, publishedManifestProblems } from './published-manifest.ts';

const source = {
  name: '@headstart/sample',
  version: '1.0.0',
  private: true,
  keywords: ['sample'],
  publishConfig: { access: 'public', provenance: true },
  exports: {
    '.': { '@headstart/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  imports: { '#inner': { '@headstart/source': './src/inner.source.ts', default: './dist/inner.js' } },
  scripts: { prepack: 'node refuse.mjs' },
  dependencies: { zod: '^4.0.0' },
  devDependencies: { sharp: '^0.35.0' },
  nx: { tags: ['scope:domain'] },
};
const published = {
  name: '@headstart/sample',
  version: '1.0.0',
  keywords: ['sample'],
  publishConfig: { access: 'public', provenance: true },
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  imports: { '#inner': { default: './dist/inner.js' } },
  dependencies: { zod: '^4.0.0' },
};

describe('publishedManifest', () => {
  it('leaves out what only the workspace reads', () => {
    expect(publishedManifest(source, 'packages/sample', {})).toEqual(published);
  });

  it('takes the address of the sources from the root, with the folder of the package', () => {
    const origin = {
      repository: { type: 'git', url: 'git+https://example.com/sample.git' },
      homepage: 'https://example.com',
      bugs: 'https://example.com/bugs',
    };
    expect(publishedManifest(source, 'packages/sample', origin)).toEqual({
      ...published,
      ...origin,
      repository: { ...origin.repository, directory: 'packages/sample' },
    });
  });
});

describe('publishedManifestProblems', () => {
  it('accepts a complete manifest', () => {
    expect(publishedManifestProblems(published)).toEqual([]);
  });

  it('names each part that is missing', () => {
    expect(publishedManifestProblems({ name: 'a', version: '1.0.0' })).toHaveLength(3);
    expect(
      publishedManifestProblems({ ...published, headstart: { api: 1 }, dependencies: { '@headstart/core': '^1.0.0' } }),
    ).toEqual([expect.stringContaining('"headstart-plugin"')]);
  });
});

describe('packages of the workspace', () => {
  it('are all published, and private where they lie, so that npm refuses to publish an unbuilt one', () => {
    expect(publishedPackages().map(({ manifest }) => manifest.name)).toEqual(
      workspacePackages().map(({ manifest }) => manifest.name),
    );
    for (const { manifest } of publishedPackages()) {
      expect(manifest.private, manifest.name).toBe(true);
      expect(manifest.scripts?.['prepack'], manifest.name).toBe('node ../../tools/publishing/refuse-pack.mjs');
    }
  });
});
