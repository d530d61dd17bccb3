import { Command } from 'commander';
import type { Headstart, Registered } from '@headstart/core';
import { withRegistries, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { printList } from '../terminal/list.ts';

export function pluginsCommand(host: CommandHost): Command {
  const command = new Command('plugins').description('what extends Headstart here, and what each part brings');
  return addJsonOption(command).action(({ json }: { json?: boolean }) =>
    withRegistries(host, async (registries) => {
      const given = await host.composition.plugins();
      const named = new Map(given.map(({ name, version }) => [name, version]));
      const brought = registrations(registries);
      const names = [...new Set([...named.keys(), ...brought.map(({ plugin }) => plugin)])];
      const plugins = names.map((name) => ({
        name,
        version: named.get(name) ?? null,
        registers: Object.fromEntries(
          [...new Set(brought.map(({ kind }) => kind))].flatMap((kind) => {
            const ids = brought.filter((one) => one.plugin === name && one.kind === kind).map(({ id }) => id);
            return ids.length > 0 ? [[kind, ids]] : [];
          }),
        ),
      }));
      if (json) return host.console.json(plugins);
      printList(
        host.console,
        ['plugin', 'version', 'brings'],
        plugins.map(({ name, version, registers }) => [
          name,
          version ?? '',
          Object.entries(registers)
            .map(([kind, ids]) => `${kind}: ${ids.join(', ')}`)
            .join('; '),
        ]),
      );
    }),
  );
}

function registrations(headstart: Headstart): { plugin: string; kind: string; id: string }[] {
  const kind = <T>(name: string, all: readonly Registered<T>[], id: (value: T) => string) =>
    all.map(({ plugin, value }) => ({ plugin, kind: name, id: id(value) }));
  return [
    ...kind('sources', headstart.sources(), ({ id }) => id),
    ...kind('schemes', headstart.sourceSchemes(), ({ scheme }) => `${scheme}:`),
    ...kind('readers', headstart.readers(), ({ id }) => id),
    ...kind('datasets', headstart.datasets(), ({ id }) => id),
    ...kind('tasks', headstart.tasks(), ({ id }) => id),
    ...kind('strategies', headstart.strategies(), ({ id }) => id),
    ...kind('metrics', headstart.metrics(), ({ id }) => id),
    ...kind('exporters', headstart.exporters(), ({ format }) => format),
    ...kind(
      'services',
      headstart.services().filter(({ value }) => !value.replaces),
      ({ id }) => id,
    ),
    ...kind(
      'replaces',
      headstart.services().filter(({ value }) => value.replaces),
      ({ id }) => id,
    ),
    ...kind('subscribes to', headstart.subscribers(), () => 'runs'),
  ];
}
