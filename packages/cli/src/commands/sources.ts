import { Command } from 'commander';
import { catalogued, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { formatCount } from '../terminal/format.ts';
import { printList } from '../terminal/list.ts';
import { sourcesRankCommand } from './sources-rank.ts';

export function sourcesCommand(host: CommandHost): Command {
  const command = new Command('sources')
    .description('pretrained weights that a transfer can start from')
    .addCommand(sourcesRankCommand(host));
  return addJsonOption(command).action(async ({ json }: { json?: boolean }) => {
    const [given, families] = [await catalogued(host, 'sources'), await catalogued(host, 'schemes')];
    const sources = given.map(({ plugin, value: { id, modality, ...card } }) => ({
      id,
      kind: 'source',
      modality,
      plugin,
      ...card,
    }));
    const schemes = families.map(({ plugin, value: { scheme, modality, description } }) => ({
      id: `${scheme}:`,
      kind: 'scheme',
      modality,
      plugin,
      description,
    }));
    if (json) return host.console.json([...sources, ...schemes]);
    printList(
      host.console,
      ['source', 'modality', 'plugin', 'parameters', 'what it is'],
      [
        ...sources.map(({ id, modality, plugin, parameters, title, trainedOn, licence }) => [
          id,
          modality,
          plugin,
          parameters === undefined ? '' : formatCount(parameters),
          `${title}; trained on: ${trainedOn}; ${licence}`,
        ]),
        ...schemes.map(({ id, modality = 'any', plugin, description }) => [
          `${id}…`,
          modality,
          plugin,
          '',
          description,
        ]),
      ],
    );
  });
}
