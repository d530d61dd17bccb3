import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unknownName } from '@headstart/artifacts/errors';
import { mergeFiles } from './merge-files.ts';
import { schema, type PluginOptions } from './options.ts';
import { parsePluginName, type PluginName } from './plugin-name.ts';
import { checkFree } from './taken-names.ts';

/** Files of a package: by their path in it, with `/`, text or bytes. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** A plugin as it is about to be written. */
export interface NewPlugin {
  readonly name: PluginName;
  readonly files: Files;
}

const TEMPLATES = fileURLToPath(new URL('../templates/', import.meta.url));
const BINARY = /\.safetensors$/;

/**
 * The files of a new plugin: those that all have, those of the licence and those of the kind, with its names in place
 * of the templates' own.
 * @throws HeadstartError `invalid-option` for a name, `unknown-name` for a kind or licence, `plugin-conflict` for an id that is taken
 */
export async function pluginFiles(options: Omit<PluginOptions, 'directory'>): Promise<NewPlugin> {
  const name = parsePluginName(options.name);
  const kind = oneOf('kind', options.kind);
  const license = oneOf('license', options.license ?? schema.properties.license.default!);
  checkFree(kind, name);
  const layers = await Promise.all(['shared', join('licences', license), kind].map(readLayer));
  const { packageName, id, title } = name;
  const replacements = new Map([
    ['headstart-plugin-your-name', packageName],
    ['your-name', id],
    ['Your name', title],
    ['your-licence', license],
    ['your-headstart', await ownVersion()],
    ['your-year', String(new Date().getFullYear())],
  ]);
  const named = [...mergeFiles(layers)].map(([path, content]): [string, string | Uint8Array] => [
    path,
    typeof content === 'string' ? replaced(content, replacements) : content,
  ]);
  return { name, files: new Map(named) };
}

/** @throws HeadstartError `unknown-name` */
export function oneOf<Name extends 'kind' | 'license'>(option: Name, value: string): NonNullable<PluginOptions[Name]> {
  const { enum: known = [] } = schema.properties[option];
  if (!known.includes(value)) throw unknownName(option === 'kind' ? 'kind of plugin' : 'licence', value, known);
  return value as NonNullable<PluginOptions[Name]>;
}

/** All names in one pass, so that what is put in is not looked at again; a longer one before a shorter one in it. */
function replaced(text: string, replacements: ReadonlyMap<string, string>): string {
  return text.replaceAll(new RegExp([...replacements.keys()].join('|'), 'g'), (found) => replacements.get(found)!);
}

/** A folder of templates. A leading `_` keeps this repository's tools and npm from taking a file as their own. */
async function readLayer(name: string): Promise<Files> {
  const root = join(TEMPLATES, name);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.sort().map(async (file): Promise<[string, string | Uint8Array]> => {
        const folders = relative(root, file).split(sep).slice(0, -1);
        const path = [...folders, basename(file).replace(/^_/, '')].join('/');
        return [path, BINARY.test(path) ? await readFile(file) : await readFile(file, 'utf8')];
      }),
    ),
  );
}

/** The versions of our packages go together: a plugin is for the core that was current when this package was. */
async function ownVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
