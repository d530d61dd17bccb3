import { Command } from 'commander';
import { catalogued, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { printList } from '../terminal/list.ts';

export function tasksCommand(host: CommandHost): Command {
  const command = new Command('tasks').description('what can be learned');
  return addJsonOption(command).action(async ({ json }: { json?: boolean }) => {
    const given = await catalogued(host, 'tasks');
    const tasks = given.map(({ plugin, value: { id, modality, description, defaults, augmentations } }) => ({
      id,
      modality,
      plugin,
      description,
      defaults,
      augmentations,
    }));
    if (json) return host.console.json(tasks);
    printList(
      host.console,
      ['task', 'plugin', 'what it is'],
      tasks.map(({ id, plugin, description, defaults, augmentations }) => [
        id,
        plugin,
        `${description}. By default ${defaults.source} with ${defaults.strategy}. Augmentations: ${augmentations.join(', ')}.`,
      ]),
    );
  });
}
