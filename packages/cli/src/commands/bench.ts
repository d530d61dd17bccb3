import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { wholeNumber } from '@headstart/core/options';
import type { BenchOptions } from '../bench-types.ts';
import { withHeadstart, type CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { interruptible } from '../interrupts.ts';
import { addBackendOptions, backendArguments, type BackendChoice } from '../options/backend-options.ts';
import { benchFolder } from '../options/bench-folder.ts';
import { readBenchConfig } from '../options/bench-config.ts';
import { addJsonOption } from '../options/json-option.ts';
import { valueOf } from '../options/values.ts';
import { benchDocument, printBenchOutcome } from '../terminal/bench-report.ts';
import { printBenchPlan } from '../terminal/bench-plan.ts';
import { watched } from '../watch/watched.ts';
import { workerStarter } from '../bench-worker.ts';

type BenchFlags = BackendChoice & {
  out?: string;
  resume?: boolean;
  only?: readonly string[];
  dryRun?: boolean;
  workers?: number;
  watch?: boolean;
  port: number;
  queue?: string;
  store?: string;
  json?: boolean;
};

export function benchCommand(host: CommandHost): Command {
  const command = new Command('bench')
    .description('run a matrix of transfers, and say what holds: which is better, where, by how much')
    .argument(
      '<config>',
      'bench.config.ts, or the same as .mts, .js, .mjs or .json; standard for the one that Headstart measures itself by',
    )
    .option('--out <dir>', "folder of the benchmark; by default runs/<the file's name>. What it has of it is kept")
    .option('--resume', 'the folder has to hold the benchmark; cells that failed are tried again')
    .addOption(
      new Option('--only <cells>', 'run these alone, such as source=minilm-l6,seed=0; repeatable').argParser(
        (text: string, previous: readonly string[] = []) => [...previous, text],
      ),
    )
    .option('--dry-run', 'print what would be run, what cannot be and why, and what is there; train nothing')
    .option('--workers <n>', 'processes side by side, as far as memory allows', valueOf(wholeNumber(1)))
    .option('--queue <address>', 'have the cells done by headstart worker on any machine: redis://host:port of a Redis')
    .option(
      '--store <place>',
      'where those workers publish records, s3://bucket/prefix, in place of a folder that all share',
    )
    .option('--watch', 'serve a page to this machine that follows the benchmark while it runs')
    .addOption(
      new Option('--port <n>', 'of that page; 0 takes a free one').default(8090).argParser(valueOf(wholeNumber(0))),
    );
  addJsonOption(addBackendOptions(command));
  return command.action(async (file: string, flags: BenchFlags) => {
    if (flags.store !== undefined && flags.queue === undefined)
      throw usage(
        '--store is where workers at a queue publish, and there is no queue.',
        'Add --queue, or leave out --store.',
      );
    const bench = await host.composition.bench();
    const config = await readBenchConfig(bench, file);
    const out = flags.out ?? benchFolder(file);
    const options: BenchOptions = {
      out,
      file,
      folder: dirname(resolve(file)),
      resume: flags.resume,
      only: flags.only?.map((text) => bench.parsePattern(text)),
      workers: flags.workers,
      queue: flags.queue,
      store: flags.store,
      progress: host.console.progress,
    };
    if (flags.dryRun) {
      const planned = await withHeadstart(host, flags, (headstart) => bench.previewBench(headstart, config, options));
      return flags.json ? host.console.json(planned) : printBenchPlan(host.console, planned);
    }
    const outcome = await withHeadstart(host, flags, (headstart) =>
      interruptible(
        host.console,
        (signal) =>
          watched(
            host.console,
            bench,
            { ...flags, dir: resolve(out), name: config.name ?? file, headstart },
            (events) =>
              bench.runBench(headstart, config, {
                ...options,
                signal,
                events,
                startWorker: workerStarter(resolve(out), backendArguments(flags)),
              }),
          ),
        'Stopping after this step; cells that are done are kept. Ctrl-C again quits at once.',
      ),
    );
    if (flags.json) host.console.json(benchDocument(outcome));
    else printBenchOutcome(host.console, outcome);
  });
}
