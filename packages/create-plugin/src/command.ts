import { relative } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { Command, CommanderError } from 'commander';
import { createPlugin, type CreatedPlugin } from './create-plugin.ts';
import { optionNames, schema, type PluginOptions } from './options.ts';
import { askMissing, type Terminal } from './questions.ts';

/** Exit codes: done, failed, wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** Where the command runs. */
export interface CommandHost {
  readonly cwd: string;
  /** Absent where nobody is there to answer. */
  readonly terminal?: Terminal;
  /** The package manager that started it, for what to do next. */
  readonly client: string;
  print(line: string): void;
  complain(line: string): void;
}

/** `npm create @headstart/plugin`: asks for what is missing, makes the package, and says what to do next. */
export async function createPluginCommand(args: readonly string[], host: CommandHost): Promise<ExitCode> {
  try {
    const given = parse(args, host);
    const options = host.terminal && !given.yes ? await askMissing(given.options, host.terminal) : given.options;
    const created = await createPlugin(complete(options), host.cwd);
    nextSteps(created, host).forEach((line) => host.print(line));
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return report(error, host);
    if (!HeadstartError.is(error)) throw error;
    host.complain(`error ${error.message} [${error.code}]`);
    host.complain(` hint ${error.hint}`);
    return ['usage', 'invalid-option', 'unknown-name'].includes(error.code) ? 2 : 1;
  }
}

function parse(args: readonly string[], host: CommandHost): { options: Partial<PluginOptions>; yes: boolean } {
  const command = new Command('npm create @headstart/plugin')
    .description('Start a package that is a plugin of Headstart, with a working example and its tests.')
    .usage('<name> -- --kind <kind>')
    .exitOverride()
    .configureOutput({ writeOut: (text) => host.print(text.trimEnd()), writeErr: () => {}, outputError: () => {} });
  for (const name of optionNames) {
    const { description, enum: known, default: preset } = schema.properties[name];
    const values = known ? `: ${known.join(', ')}` : '';
    const whole = `${description}${values}${preset === undefined ? '' : ` (default: ${preset})`}`;
    if (name === 'name') command.argument('[name]', whole);
    else command.option(`--${name} <${name}>`, whole);
  }
  command.option('--yes', 'ask nothing: take the defaults');
  command.parse(args, { from: 'user' });
  const { yes = false, ...options } = command.opts<Partial<PluginOptions> & { yes?: boolean }>();
  return { options: { name: command.args[0], ...options }, yes };
}

/** @throws HeadstartError `usage` for what has no default and was not given */
function complete(options: Partial<PluginOptions>): PluginOptions {
  const missing = schema.required.filter((name) => options[name] === undefined);
  if (missing.length === 0) return options as PluginOptions;
  const list = missing.map((name) => (name === 'name' ? 'the name of the package' : `--${name}`)).join(' and ');
  throw new HeadstartError({
    code: 'usage',
    message: `Missing: ${list}, and nobody is there to be asked.`,
    hint: `Usage: npm create @headstart/plugin <name> -- --kind <${schema.properties.kind.enum!.join(' | ')}>`,
  });
}

function report(error: CommanderError, host: CommandHost): ExitCode {
  if (error.exitCode === 0) return 0;
  host.complain(`${error.message.replace(/^error: /, 'error ').replace('\n', ' ')} [usage]`);
  host.complain(' hint Add --help to see what the command takes.');
  return 2;
}

function nextSteps({ folder, packageName, id }: CreatedPlugin, { cwd, client }: CommandHost): string[] {
  return [
    `${packageName} is in ${folder}; what it adds is called "${id}". Next:`,
    '',
    `  cd ${relative(cwd, folder) || '.'}`,
    `  ${client} install`,
    `  ${client} test`,
    '',
    'Its README says what lies where, and how to publish it.',
  ];
}
