import { relative } from 'node:path';
import { Command } from 'commander';
import type * as manifest from '@headstart/core/manifest';
import type { CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import type { CataloguedPlugin } from '../plugins/catalogue.ts';
import { printList } from '../terminal/list.ts';

export function pluginsCommand(host: CommandHost): Command {
  const command = new Command('plugins')
    .description('what extends Headstart here, and what each part brings')
    .option('--load', 'import and set up every plugin, instead of reading their manifests');
  return addJsonOption(command).action(async ({ json, load }: { json?: boolean; load?: boolean }) => {
    const kinds = await import('@headstart/core/manifest');
    const { configFile, plugins } = await host.composition.catalogue({ load });
    const [core, others] = [plugins.filter(isCore), plugins.filter((plugin) => !isCore(plugin))];
    const listed = [...others, ...core].map(({ name, version, origin, path, contributes, problem }) => ({
      name,
      version,
      origin,
      path,
      registers: registers(contributes, kinds),
      ...(problem && { problem: problem.toJSON() }),
    }));
    if (plugins.some(({ problem }) => problem)) host.fail();
    if (json) return host.console.json(listed);
    printList(
      host.console,
      ['plugin', 'version', 'from', 'brings'],
      listed.map(({ name, version, origin, registers: brought, problem }) => [
        name,
        version ?? '',
        origin,
        problem
          ? `nothing: it cannot be used (below)`
          : Object.entries(brought)
              .map(([kind, ids]) => `${kind}: ${ids.join(', ')}`)
              .join('; '),
      ]),
    );
    printRemarks(host, configFile, others);
  });
}

const isCore = ({ origin }: CataloguedPlugin) => origin === 'built in';

/** Where things lie, what is not used and what cannot be. */
function printRemarks(
  { console }: CommandHost,
  configFile: string | undefined,
  plugins: readonly CataloguedPlugin[],
): void {
  const shown = (path: string) => {
    const short = relative(process.cwd(), path);
    return short.length < path.length ? short || '.' : path;
  };
  console.print();
  console.print(`configuration: ${configFile === undefined ? 'none; installed domains are used' : shown(configFile)}`);
  for (const { name, path } of plugins) if (path !== null) console.print(`${name}: ${shown(path)}`);
  for (const { name, origin } of plugins) {
    if (origin !== 'not used') continue;
    console.print(
      `Found ${name}: name it in ${configFile === undefined ? 'headstart.config.ts' : shown(configFile)}, or run headstart add ${name}.`,
    );
  }
  for (const { name, problem } of plugins) {
    if (problem) console.print(`Problem of ${name}: ${problem.message} [${problem.code}] ${problem.hint}`);
  }
}

/** The names of what a plugin brings by kind; kinds of which it brings nothing are left out. */
function registers(
  contributes: manifest.Contributions,
  { askedNames, CONTRIBUTION_KINDS }: typeof manifest,
): Record<string, readonly string[]> {
  const { services = [], replaces = [], subscribes } = contributes;
  const all: [string, readonly string[]][] = [
    ...CONTRIBUTION_KINDS.map((kind): [string, string[]] => {
      const names = askedNames(contributes, kind);
      return [kind, kind === 'schemes' ? names.map((name) => `${name}:`) : names];
    }),
    ['services', services],
    ['replaces', replaces],
    ['subscribes to', subscribes ? ['runs'] : []],
  ];
  return Object.fromEntries(all.filter(([, names]) => names.length > 0));
}
