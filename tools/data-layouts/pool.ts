import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';
import type { Observation } from './observation.ts';
import type { CaseRequest } from './read-case.ts';

/** Processes that read at once. */
const PROCESSES = 2;

/** What one reading may take; a process that says nothing for longer hangs. */
const LIMIT_SECONDS = 60;

/** What a process has to hold at most, in MB of JavaScript's memory: more is a fault of the reader. */
const MEMORY_MB = 1500;

/**
 * Reads every request in a process of its kind, which is ended and replaced where it does not answer in time or dies.
 * @param done told of each as it is finished, in any order
 */
export async function readAll(
  requests: readonly CaseRequest[],
  done: (index: number, observation: Observation) => void,
): Promise<void> {
  let next = 0;
  const work = async () => {
    let worker = await start();
    while (next < requests.length) {
      const index = next++;
      const observation = await ask(worker, requests[index]!);
      if (observation.kind === 'hang' || worker.exitCode !== null) {
        worker.kill('SIGKILL');
        worker = await start();
      }
      done(index, observation);
    }
    worker.kill();
  };
  await Promise.all(Array.from({ length: Math.min(PROCESSES, requests.length) }, work));
}

async function start(): Promise<ChildProcess> {
  const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), {
    execArgv: [...sourceArguments, `--max-old-space-size=${MEMORY_MB}`],
    env: sourceEnvironment(),
  });
  await once(worker, 'message');
  return worker;
}

function ask(worker: ChildProcess, request: CaseRequest): Promise<Observation> {
  return new Promise((resolve) => {
    const settle = (observation: Observation) => {
      clearTimeout(timer);
      worker.off('message', settle);
      worker.off('exit', died);
      resolve(observation);
    };
    const died = (code: number | null, signal: string | null) =>
      settle({ kind: 'internal', message: `the process ended with ${signal ?? code}` });
    const timer = setTimeout(
      () => settle({ kind: 'hang', message: `no answer within ${LIMIT_SECONDS} seconds` }),
      LIMIT_SECONDS * 1000,
    );
    worker.on('message', settle);
    worker.on('exit', died);
    worker.send(request);
  });
}
