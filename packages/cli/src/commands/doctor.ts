import { Command } from 'commander';
import type { CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { printList } from '../terminal/list.ts';

export function doctorCommand(host: CommandHost): Command {
  const command = new Command('doctor').description(
    'what of this installation works, and what to do where it does not',
  );
  return addJsonOption(command).action(async ({ json }: { json?: boolean }) => {
    const checks = await host.composition.checkUp();
    if (checks.some(({ state }) => state === 'fail')) host.fail();
    if (json) return host.console.json({ checks });
    printList(
      host.console,
      ['here', 'what', 'found'],
      checks.map(({ name, state, found, todo }) => [state, name, todo ? `${found}. To do: ${todo}` : found]),
    );
  });
}
