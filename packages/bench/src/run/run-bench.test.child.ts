import { fork } from 'node:child_process';
import { FakeTrials, fakeBenchHeadstart } from '../testing/fake-trials.test.support.ts';
import type { BenchConfig } from '../config/bench-config.ts';
import { runBench } from './run-bench.ts';
import { serveBench } from './serve-bench.ts';

/*
 * Child process of the tests: runs a benchmark of fake trials that take a while, in a process that can be killed; or is
 * one of its workers. Prints the id of each cell that is done.
 */

const [dir, given, pause] = process.argv.slice(2) as [string, string, string];
const headstart = fakeBenchHeadstart(new FakeTrials({ pause: Number(pause) }));
if (given === 'worker') await serveBench(headstart, dir);
else
  await runBench(headstart, JSON.parse(given) as BenchConfig, {
    out: dir,
    startWorker: () => fork(process.argv[1]!, [dir, 'worker', pause], { execArgv: process.execArgv }),
    events: { cell: ({ id }) => void process.stdout.write(`${id}\n`) },
  });
