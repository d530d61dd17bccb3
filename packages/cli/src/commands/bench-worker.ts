import { Command } from 'commander';
import { BENCH_WORKER } from '../bench-worker.ts';
import { withHeadstart, type CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';

/** What `headstart bench --workers` starts; not for people. */
export function benchWorkerCommand(host: CommandHost): Command {
  const command = new Command(BENCH_WORKER).description(
    'do cells of a benchmark for the process that started this one',
  );
  return addBackendOptions(command.argument('<dir>')).action(async (dir: string, choice: BackendChoice) => {
    if (!process.send)
      throw usage(`${BENCH_WORKER} is started by headstart bench.`, 'Run: headstart bench <config> --workers <n>');
    const { serveBench } = await host.composition.bench();
    await withHeadstart(host, choice, (headstart) => serveBench(headstart, dir));
  });
}
