import { Command } from 'commander';
import type { CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { addJsonOption } from '../options/json-option.ts';

interface AddFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function addCommand(host: CommandHost): Command {
  const command = new Command('add')
    .description('install a plugin and name it in the configuration')
    .argument('<package>', 'its name on npm, with a version if you like: headstart-plugin-audio@1.2.0')
    .option('-y, --yes', 'do it without asking');
  return addJsonOption(command).action(async (text: string, { yes, json }: AddFlags) => {
    const { additionLines, carryOut, planAddition } = await import('../add/add-plugin.ts');
    const cwd = process.cwd();
    const addition = await planAddition(cwd, text);
    for (const line of additionLines(cwd, addition)) host.console.say(line);
    if (!yes) {
      if (json || !host.ask) throw usage('Nothing was done: nobody is there to ask.', 'Add --yes to do what is shown.');
      if (!(await host.ask('Do it?'))) throw usage('Nothing was done.', 'Answer y to do what is shown.');
    }
    const registers = await carryOut(cwd, addition);
    const { name, version } = addition.plugin;
    if (json) return host.console.json({ name, version, registers, configuration: addition.edit?.file ?? null });
    host.console.print(`${name} ${version} is added.`);
    for (const [kind, names] of Object.entries(registers)) host.console.print(`  ${kind}: ${names.join(', ')}`);
  });
}
