import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace/root.mjs';
import { brokenAddresses, relativeAddresses, siteLinks } from './links.ts';
import { sitePages, type SitePage } from './pages.ts';

describe('pages of the site', () => {
  it.each(sitePages.map(({ source }) => source))('%s exists', (source) => {
    expect(existsSync(join(workspaceRoot, source))).toBe(true);
  });

  it('are all guides and recipes there are, each once', () => {
    const there = ['docs', 'docs/recipes'].flatMap((folder) =>
      readdirSync(join(workspaceRoot, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `${folder}/${name}`),
    );
    const shown = sitePages.map(({ source }) => source).filter((source) => source.startsWith('docs/'));
    expect(shown.toSorted()).toEqual(there.toSorted());
    expect(new Set(sitePages.map(({ path }) => path)).size).toBe(sitePages.length);
  });
});

describe('siteLinks', () => {
  const [index, data] = [
    { source: 'README.md', path: 'index', title: '' },
    { source: 'docs/data.md', path: 'guide/data', title: '' },
  ] satisfies SitePage[];
  const plan = { pages: [index!, data!] };

  it('turns links to pages, pictures and files; leaves addresses, anchors and code', () => {
    const text = [
      '[data](docs/data.md#layouts) [code](packages/core/src/index.ts) [web](https://example.org/a) [here](#there)',
      '<img src="docs/images/demo.svg" width="900">',
      '```md',
      '[data](docs/data.md)',
      '```',
    ].join('\n');
    expect(siteLinks(text, index!, { ...plan, sourceUrl: 'https://forge.example/tree' })).toEqual({
      markdown: [
        '[data](./guide/data.md#layouts) [code](https://forge.example/tree/packages/core/src/index.ts) [web](https://example.org/a) [here](#there)',
        '<img src="/images/docs-images-demo.svg" width="900">',
        '```md',
        '[data](docs/data.md)',
        '```',
      ].join('\n'),
      assets: [{ from: 'docs/images/demo.svg', to: 'images/docs-images-demo.svg' }],
    });
    expect(siteLinks('[back](../README.md)', data!, plan).markdown).toBe('[back](../index.md)');
  });
});

describe('pages opened from disk', () => {
  const site = join(workspaceRoot, 'docs/.vitepress/dist');

  it('have addresses relative to themselves; the checkout lies where it lies', () => {
    const html =
      '<a href="/guide/data.html#layouts"><link href="/"><a href="https://checkout.invalid/nx.json"><a href="//host">';
    expect(relativeAddresses(html, 'guide/plugins.html', site)).toBe(
      '<a href="../guide/data.html#layouts"><link href="../index.html"><a href="../../../../nx.json"><a href="//host">',
    );
    expect(relativeAddresses('<a href="/a.html">', 'index.html', site)).toBe('<a href="./a.html">');
  });

  it('are searched for what leads nowhere', () => {
    const html =
      '<h1 id="one"></h1><a href="#one"><a href="#two"><a href="nothing.html"><a href="mailto:a@example.org">';
    expect(brokenAddresses(html, 'links.test.ts', import.meta.dirname, () => html)).toEqual(['#two', 'nothing.html']);
  });
});
