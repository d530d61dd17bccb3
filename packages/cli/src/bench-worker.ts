import { fork, type ChildProcess } from 'node:child_process';

/** The name of the hidden command that a worker process of a benchmark runs. */
export const BENCH_WORKER = 'bench-worker';

/** Starts workers of a benchmark: processes of this same command, which compute as this one does. */
export function workerStarter(dir: string, backend: readonly string[]): () => ChildProcess {
  return () =>
    fork(process.argv[1]!, [BENCH_WORKER, dir, ...backend], {
      execArgv: process.execArgv,
      // What a worker prints would come between the results of this process.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
}
