import { Command } from 'commander';
import type { CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';

export function backendDoctorCommand({ composition, console }: CommandHost): Command {
  const command = new Command('doctor').description(
    'which engines work here, which is chosen, and what the others lack',
  );
  return addJsonOption(command).action(async ({ json }: { json?: boolean }) => {
    const { lines, document } = await composition.doctor();
    if (json) console.json(document);
    else for (const line of lines) console.print(line);
  });
}
