import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { withHeadstart, type CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { interruptible } from '../interrupts.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { readBenchConfig } from '../options/bench-config.ts';
import { benchFolder } from '../options/bench-folder.ts';
import { benchReport } from '../terminal/bench-report.ts';

type WorkerFlags = BackendChoice & { queue: string; out?: string; store?: string };

export function workerCommand(host: CommandHost): Command {
  const command = new Command('worker')
    .description('do cells of a benchmark that headstart bench runs, on this or another machine')
    .argument('<config>', 'the configuration that headstart bench was given')
    .requiredOption('--queue <address>', 'the Redis that headstart bench was given: redis://host:port')
    .option('--out <dir>', "the benchmark's folder, which all share; by default runs/<the file's name>")
    .option('--store <place>', 'publish records to s3://bucket/prefix, as headstart bench says, in place of a folder');
  return addBackendOptions(command).action(async (file: string, flags: WorkerFlags) => {
    if (flags.store !== undefined && flags.out !== undefined)
      throw usage('--out and --store are two places for records.', 'Give the one that headstart bench was given.');
    const { console } = host;
    const bench = await host.composition.bench();
    const config = await readBenchConfig(bench, file);
    const events = benchReport(console);
    await withHeadstart(host, flags, (headstart) =>
      interruptible(
        console,
        (signal) =>
          bench.serveQueue(headstart, config, {
            queue: flags.queue,
            out: flags.store ?? flags.out ?? benchFolder(file),
            file,
            folder: dirname(resolve(file)),
            cell: (report) => events.cell?.(report, 0),
            tell: (message) => events.warning?.(message),
            signal,
          }),
        'Stopping after this step; the cell goes back into the queue. Ctrl-C again quits at once.',
      ),
    );
  });
}
