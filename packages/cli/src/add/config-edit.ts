import { readRegular } from '@headstart/artifacts/storage';
import { existsSync } from 'node:fs';

import { extname, join } from 'node:path';
import { checkConfig, invalid } from '../config/check-config.ts';
import { parseJson } from '../config/parse-json.ts';
import { readEntries } from '../config/read-entries.ts';
import { findPackage } from '../packages/find-package.ts';

/** A change of a configuration's text. */
export interface ConfigEdit {
  readonly file: string;
  /** Undefined where there was none. */
  readonly before?: string;
  readonly after: string;
}

/**
 * The configuration with one more plugin, by its package's name.
 * @returns undefined where it names the plugin already
 * @throws HeadstartError `config-invalid` for a script that cannot be changed safely, with what to write
 */
export async function editConfig(
  file: string,
  name: string,
  domains: readonly string[],
): Promise<ConfigEdit | undefined> {
  const before = (await readRegular(file)).toString('utf8');
  if (extname(file) === '.json') return editJson(file, before, name, domains);
  const entries = await readEntries(file);
  if (entries?.some((entry) => entry.name === name)) return undefined;
  const { generateCode, parseModule } = await import('magicast');
  try {
    const module = parseModule(before);
    const exported = module.exports['default'] as { $type?: string; $args?: unknown[] };
    const config = (exported.$type === 'function-call' ? exported.$args![0] : exported) as {
      $type?: string;
      plugins?: string[] & { readonly $type?: string };
    };
    if (config.$type !== 'object') throw new TypeError('the default export is no object');
    if (config.plugins === undefined) config.plugins = [...domains, name];
    else if (config.plugins.$type === 'array') config.plugins.push(name);
    else throw new TypeError('plugins is no list');
    return { file, before, after: generateCode(module).code.trimEnd() + '\n' };
  } catch (error) {
    throw invalid(
      file,
      `the plugin cannot be added by a program: ${error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)}`,
      `Add '${name}' to its plugins yourself, and install the package.`,
      error,
    );
  }
}

function editJson(file: string, before: string, name: string, domains: readonly string[]): ConfigEdit | undefined {
  const config = checkConfig(file, parseJson(file, before));
  const plugins = config.plugins ?? domains;
  if (config.plugins?.some((entry) => entry === name || (Array.isArray(entry) && entry[0] === name))) return undefined;
  const indent = /^[ \t]+(?=")/m.exec(before)?.[0] ?? '  ';
  return { file, before, after: `${JSON.stringify({ ...config, plugins: [...plugins, name] }, null, indent)}\n` };
}

/** A new configuration: TypeScript where the project is, with the domains that are installed so that they stay. */
export function newConfig(folder: string, name: string, domains: readonly string[]): ConfigEdit {
  const plugins = `[${[...domains, name].map((each) => `'${each}'`).join(', ')}]`;
  const package_ = ['headstart', '@headstart/cli'].find((each) => findPackage(each, folder) !== undefined);
  if (existsSync(join(folder, 'tsconfig.json'))) {
    const file = join(folder, 'headstart.config.ts');
    const after = package_
      ? `import { defineConfig } from '${package_}';\n\nexport default defineConfig({\n  plugins: ${plugins},\n});\n`
      : `export default {\n  plugins: ${plugins},\n};\n`;
    return { file, after };
  }
  const types = package_ ? `/** @type {import('${package_}').HeadstartConfig} */\n` : '';
  return {
    file: join(folder, 'headstart.config.mjs'),
    after: `${types}export default {\n  plugins: ${plugins},\n};\n`,
  };
}

/** The lines that go and those that come, as `-` and `+`. */
export function diffLines({ before, after }: Pick<ConfigEdit, 'before' | 'after'>): string[] {
  const [old, now] = [before === undefined ? [] : lines(before), lines(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...now.slice(start, now.length - end).map((line) => `+ ${line}`),
  ];
}

const lines = (text: string) => text.trimEnd().split('\n');
