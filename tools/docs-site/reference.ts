import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Application, type TypeDocOptions } from 'typedoc';
import { entriesOf, publishedPackages } from '../workspace/packages.ts';
import { workspaceRoot } from '../workspace/root.mjs';
import type { SitePage } from './pages.ts';

/** An entry of a package, such as `@headstart/core/images`, as the reference has it. */
interface Entry {
  readonly name: string;
  readonly source: string;
}

function publicEntries(): Entry[] {
  return publishedPackages()
    .flatMap(entriesOf)
    .map(({ entry, source }) => ({ name: entry, source }));
}

/**
 * Writes the reference of every public entry from its doc comments, a page each, as Markdown.
 * @returns the pages, in the order of the packages
 * @throws Error where TypeDoc cannot read the sources
 */
export async function writeReference(folder: string): Promise<SitePage[]> {
  const entries = publicEntries();
  const options = {
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: join(workspaceRoot, 'tools/docs-site/tsconfig.reference.json'),
    entryPoints: entries.map(({ source }) => source),
    readme: 'none',
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    skipErrorChecking: true, // `tsc -b` has checked them
    logLevel: 'Error',
    out: folder,
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    useHTMLAnchors: true,
  } as Partial<TypeDocOptions>;
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the sources; its messages stand above.');
  // TypeDoc names a module by its file, below the folder that all have in common.
  const named = new Map(
    entries.map(({ name, source }) => [
      relative(join(workspaceRoot, 'packages'), source)
        .split(sep)
        .join('/')
        .replace(/(\/index)?\.ts$/, ''),
      referencePath(name),
    ]),
  );
  for (const module of project.children ?? []) module.name = named.get(module.name) ?? module.name;
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error('TypeDoc reported errors; they stand above.');
  return entries.map(({ name }) => ({ source: '', path: `reference/${writtenPath(folder, name)}`, title: name }));
}

/** Where an entry's page is: TypeDoc numbers a page whose last name another one has. @throws Error where there is none */
function writtenPath(folder: string, entry: string): string {
  const path = referencePath(entry);
  const found = [path, `${path}-1`].find((one) => existsSync(join(folder, `${one}.md`)));
  if (found === undefined) throw new Error(`TypeDoc wrote no page for ${entry}.`);
  return found;
}

/** `@headstart/core/images` is at `core/images`. */
function referencePath(entry: string): string {
  return entry.replace('@headstart/', '');
}
