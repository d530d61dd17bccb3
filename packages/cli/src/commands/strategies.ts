import { Command } from 'commander';
import { withRegistries, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { printList } from '../terminal/list.ts';

export function strategiesCommand(host: CommandHost): Command {
  const command = new Command('strategies').description('how knowledge is carried over');
  return addJsonOption(command).action(({ json }: { json?: boolean }) =>
    withRegistries(host, (registries) => {
      const strategies = registries
        .strategies()
        .map(({ plugin, value: { id, description, start } }) => ({ id, plugin, start, description }));
      if (json) return host.console.json(strategies);
      printList(
        host.console,
        ['strategy', 'plugin', 'what it does'],
        strategies.map(({ id, plugin, description }) => [id, plugin, description]),
      );
    }),
  );
}
