import { Command } from 'commander';
import { catalogued, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { printList } from '../terminal/list.ts';

export function strategiesCommand(host: CommandHost): Command {
  const command = new Command('strategies').description('how knowledge is carried over');
  return addJsonOption(command).action(async ({ json }: { json?: boolean }) => {
    const given = await catalogued(host, 'strategies');
    const strategies = given.map(({ plugin, value: { id, description, start } }) => ({
      id,
      plugin,
      start,
      description,
    }));
    if (json) return host.console.json(strategies);
    printList(
      host.console,
      ['strategy', 'plugin', 'what it does'],
      strategies.map(({ id, plugin, description }) => [id, plugin, description]),
    );
  });
}
