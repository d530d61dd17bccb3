import { Command } from 'commander';
import { withRegistries, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { printList } from '../terminal/list.ts';

export function datasetsCommand(host: CommandHost): Command {
  const command = new Command('datasets').description('data sets known by name, and readers of your own data');
  return addJsonOption(command).action(({ json }: { json?: boolean }) =>
    withRegistries(host, (registries) => {
      const datasets = registries.datasets().map(({ plugin, value: { id, modality, description, licence, task } }) => ({
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
      const readers = registries.readers();
      if (readers.length === 0) return;
      host.console.print();
      printList(
        host.console,
        ['reader', 'plugin', 'what it reads'],
        readers.map(({ plugin, value }) => [value.id, plugin, value.description]),
      );
    }),
  );
}
