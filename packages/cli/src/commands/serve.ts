import { Command, Option } from 'commander';
import type { LoadOptions } from '@headstart/core';
import { namedValues, wholeNumber } from '@headstart/core/options';
import type { CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { memorySize, valueOf } from '../options/values.ts';
import { withModel } from '../with-model.ts';

type ServeFlags = BackendChoice & {
  host: string;
  port: number;
  inference: NonNullable<LoadOptions['inference']>;
  taskOption?: Readonly<Record<string, string>>;
  batchSize: number;
  batchWindow: number;
  queue: number;
  bodyLimit: number;
  timeout: number;
  cors?: string;
  json?: boolean;
};

/** Requests are taken, and answers written, while both of two processors compute: measured in docs/measurements.md. */
const NICENESS = 5;

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/i;

export function serveCommand(host: CommandHost): Command {
  const command = new Command('serve')
    .description('answer predictions over HTTP, and a page to try a model on')
    .argument('<model>', 'folder of a trained model, or a source that predicts as it is, such as nanodet-coco')
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .addOption(new Option('--port <n>', '0 takes a free one').default(8080).argParser(valueOf(wholeNumber(0))))
    .option(
      '--task-option <key=value>',
      "an option of the model's task, such as threshold=0.5 of a detector's; repeatable",
      valueOf(namedValues),
    )
    .addOption(
      new Option(
        '--inference <engine>',
        'what computes predictions; auto: onnxruntime, where onnxruntime-node is installed',
      )
        .choices(['auto', 'backend', 'onnxruntime'])
        .default('auto'),
    )
    .addOption(
      new Option('--batch-size <n>', 'inputs of a step, at most').default(32).argParser(valueOf(wholeNumber(1))),
    )
    .addOption(
      new Option('--batch-window <ms>', 'how long an input waits for others to share its step')
        .default(5)
        .argParser(valueOf(wholeNumber(0))),
    )
    .addOption(
      new Option('--queue <n>', 'inputs under way, beyond which requests are turned away')
        .default(512)
        .argParser(valueOf(wholeNumber(1))),
    )
    .addOption(
      new Option('--body-limit <size>', 'the longest body').default(16 * 2 ** 20, '16MiB').argParser(memorySize),
    )
    .addOption(
      new Option('--timeout <seconds>', 'how long a request may take').default(30).argParser(valueOf(wholeNumber(1))),
    )
    .option('--cors <origin>', 'lets pages of this origin ask, such as https://example.org; * for all');
  addJsonOption(addBackendOptions(command));
  return command.action(async (name: string, flags: ServeFlags) => {
    checkFlags(flags);
    if (!LOOPBACK.test(flags.host)) {
      host.console.say(
        `${flags.host} is not this machine alone: whoever reaches it can use the model. There is no authentication; put a server that has some before it.`,
      );
    }
    await withModel(host, name, { ...flags, niceness: NICENESS, taskOptions: flags.taskOption }, async (model) => {
      const { serve } = await import('../serve/serve.ts');
      await serve(host.console, model, flags);
    });
  });
}

/** @throws HeadstartError of wrong use */
function checkFlags({ port, cors }: ServeFlags): void {
  if (port > 65_535) throw usage(`--port ${port} is no port: the last one is 65535.`, 'Choose one from 0 to 65535.');
  if (cors === undefined || cors === '*' || originOf(cors) === cors) return;
  throw usage(
    `--cors ${cors} is not an origin.`,
    `Give scheme, host and port alone, such as ${originOf(cors) ?? 'https://example.org'}, or * for all.`,
  );
}

function originOf(text: string): string | undefined {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null';
  return origin === 'null' ? undefined : origin;
}
