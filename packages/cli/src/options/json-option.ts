import type { Command } from 'commander';

export function addJsonOption(command: Command): Command {
  return command.option('--json', 'print one JSON document on stdout');
}
