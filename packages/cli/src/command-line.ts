import { Command, type Argument } from 'commander';
import type { CommandHost } from './command-host.ts';
import { addCommand } from './commands/add.ts';
import { backendCommand } from './commands/backend.ts';
import { benchCommand } from './commands/bench.ts';
import { benchWorkerCommand } from './commands/bench-worker.ts';

import { datasetsCommand } from './commands/datasets.ts';
import { doctorCommand } from './commands/doctor.ts';
import { embedCommand } from './commands/embed.ts';
import { inspectCommand } from './commands/inspect.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { pluginsCommand } from './commands/plugins.ts';
import { predictCommand } from './commands/predict.ts';
import { relabelCommand } from './commands/relabel.ts';
import { reportCommand } from './commands/report.ts';
import { scoreCommand } from './commands/score.ts';
import { serveCommand } from './commands/serve.ts';
import { sourcesCommand } from './commands/sources.ts';
import { strategiesCommand } from './commands/strategies.ts';
import { tasksCommand } from './commands/tasks.ts';
import { trainCommand } from './commands/train.ts';
import { verifyCommand } from './commands/verify.ts';
import { workerCommand } from './commands/worker.ts';

/** Every command, in the order of the help. */
const commands = [
  trainCommand,
  inspectCommand,
  evaluateCommand,
  predictCommand,
  serveCommand,
  embedCommand,
  exportCommand,
  relabelCommand,
  scoreCommand,
  benchCommand,
  reportCommand,
  workerCommand,
  verifyCommand,
  sourcesCommand,
  datasetsCommand,
  tasksCommand,
  strategiesCommand,
  pluginsCommand,
  addCommand,
  doctorCommand,
  backendCommand,
];

/** The `headstart` command line. It throws where commander would end the process, and leaves words to the caller. */
export function commandLine(host: CommandHost, version: string): Command {
  const root = new Command('headstart')
    .description('Transfer learning: give every model a head start.')
    .version(version, '--version', 'print the version')
    .addHelpText(
      'after',
      '\nExample\n  headstart train ./photos        a folder with one folder of pictures per class',
    );
  for (const command of commands) root.addCommand(command(host));
  root.addCommand(benchWorkerCommand(host), { hidden: true });
  return settle(root, host);
}

/** Settings that commands added as objects do not inherit. */
function settle(command: Command, host: CommandHost): Command {
  command
    .exitOverride()
    // What stands behind a command's name is that command's, also where one above it has the same option.
    .enablePositionalOptions()
    .helpCommand(false)
    .configureHelp({
      minWidthToWrap: 20,
      // In the list of commands: the arguments, without the remark that there are options.
      subcommandTerm: (sub) => [sub.name(), ...sub.registeredArguments.map(argumentTerm)].join(' '),
    })
    .helpOption('-h, --help', 'print this help')
    .configureOutput({
      writeOut: (text) => lines(text).forEach((line) => host.console.print(line)),
      writeErr: (text) => lines(text).forEach((line) => host.console.say(line)),
      // Failures are reported once, by `reportFailure`.
      outputError: () => {},
      getOutHelpWidth: () => host.console.width,
      getErrHelpWidth: () => host.console.width,
    });
  for (const sub of command.commands) settle(sub, host);
  return command;
}

const lines = (text: string) => text.trimEnd().split('\n');

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
