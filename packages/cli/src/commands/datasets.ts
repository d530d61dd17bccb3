import { Command } from 'commander';
import { catalogued, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { printList } from '../terminal/list.ts';

export function datasetsCommand(host: CommandHost): Command {
  const command = new Command('datasets').description('data sets known by name, and readers of your own data');
  return addJsonOption(command).action(async ({ json }: { json?: boolean }) => {
    const given = await catalogued(host, 'datasets');
    const datasets = given.map(({ plugin, value: { id, modality, description, licence, task } }) => ({
      id,
      modality,
      plugin,
      task,
      description,
      licence,
    }));
    if (json) return host.console.json(datasets);
    printList(
      host.console,
      ['data set', 'plugin', 'what it is'],
      datasets.map(({ id, plugin, description, licence }) => [id, plugin, `${description}; ${licence}`]),
    );
    const readers = await catalogued(host, 'readers');
    if (readers.length === 0) return;
    host.console.print();
    printList(
      host.console,
      ['reader', 'plugin', 'what it reads'],
      readers.map(({ plugin, value }) => [value.id, plugin, value.description]),
    );
  });
}
