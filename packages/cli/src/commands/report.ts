import { join } from 'node:path';
import { Command } from 'commander';
import { withRegistries, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';

export function reportCommand(host: CommandHost): Command {
  const command = new Command('report')
    .description(
      "write a benchmark's page: scores, verdicts, rankings, gains, every cell with its items; and its tables",
    )
    .argument('<dir>', 'the folder that headstart bench wrote');
  return addJsonOption(command).action(async (dir: string, { json }: { json?: boolean }) => {
    const { console } = host;
    const { writeReport, pairSentences, benchmarkWarnings } = await host.composition.bench();
    const { data, files } = await withRegistries(host, (headstart) => writeReport(dir, headstart));
    const verdicts = pairSentences(data.verdicts);
    const warnings = benchmarkWarnings(data);
    if (json) return console.json({ files, verdicts, warnings });
    for (const sentence of verdicts) console.print(sentence);
    for (const warning of warnings) console.entry(console.colours.yellow('warning'), warning, 9);
    console.say(`wrote ${join(dir, files[0]!)} and ${files.length - 1} files beside it`);
  });
}
