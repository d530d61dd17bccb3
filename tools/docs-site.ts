// `npm run docs`: the documentation as a site of plain HTML in docs/.vitepress/dist, which a server may serve and which
// opens from disk. Fails where a link leads nowhere.
//
//   npm run docs [-- --source-url URL]     URL: where the repository's files are shown, for links to sources
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vitepress';
import { brokenAddresses, relativeAddresses, siteLinks } from './docs-site/links.ts';
import { sections, sitePages, type SitePage } from './docs-site/pages.ts';
import { writeReference } from './docs-site/reference.ts';
import { siteConfig } from './docs-site/site-config.ts';
import { workspaceRoot } from './workspace/root.mjs';

const { values } = parseArgs({ options: { 'source-url': { type: 'string' } } });
const root = join(workspaceRoot, 'docs/.vitepress');
const [staging, site] = [join(root, 'pages'), join(root, 'dist')];

function writePage(page: SitePage): void {
  const plan = { pages: sitePages, sourceUrl: values['source-url'] };
  const { markdown, assets } = siteLinks(readFileSync(join(workspaceRoot, page.source), 'utf8'), page, plan);
  const file = join(staging, `${page.path}.md`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, markdown);
  for (const { from, to } of assets) cpSync(join(workspaceRoot, from), join(staging, 'public', to));
}

/** Paths of the built pages, relative to the site. */
function htmlFiles(): string[] {
  return readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));
}

for (const folder of [staging, site]) rmSync(folder, { recursive: true, force: true });
const reference = await writeReference(join(staging, 'reference'));
for (const page of sitePages) writePage(page);
const all = [...sections, { title: 'Reference', pages: reference }];
mkdirSync(join(staging, '.vitepress'));
writeFileSync(
  join(staging, '.vitepress/config.mjs'),
  `export default ${JSON.stringify(siteConfig(all, site), undefined, 2)};\n`,
);
await build(staging);

for (const file of htmlFiles())
  writeFileSync(join(site, file), relativeAddresses(readFileSync(join(site, file), 'utf8'), file, site));
const read = new Map<string, string>();
const htmlOf = (path: string) => {
  const html = read.get(path) ?? readFileSync(path, 'utf8');
  read.set(path, html);
  return html;
};
const broken = htmlFiles().flatMap((file) =>
  brokenAddresses(htmlOf(join(site, file)), file, site, htmlOf).map((address) => `${file}: ${address}`),
);
for (const line of broken) console.error(`Leads nowhere: ${line}`);
console.log(`${htmlFiles().length} pages in ${site}; open ${join(site, 'index.html')}.`);
if (broken.length > 0) process.exitCode = 1;
