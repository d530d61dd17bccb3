import type { BenchConfig } from '../config/bench-config.ts';
import { runBench } from '../run/run-bench.ts';
import { fakeBenchHeadstart, FakeTrials } from '../testing/fake-trials.test.support.ts';
import { serveQueue } from './serve-queue.ts';

/*
 * A process of the measurement of queues, that can be killed: runs a benchmark of fake trials in a folder, by workers where it
 * is given a queue, or is one of those workers. Prints the id of each cell that is done; what it tells goes to stderr.
 */

const [role, out, given, pause, queue, store] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string?,
  string?,
];
const config = JSON.parse(given) as BenchConfig;
const headstart = fakeBenchHeadstart(new FakeTrials({ pause: Number(pause) }));
const cell = ({ id }: { readonly id: string }) => void process.stdout.write(`${id}\n`);
const tell = (message: string) => void process.stderr.write(`${role}: ${message}\n`);
if (role.startsWith('worker')) {
  const ended = new AbortController();
  process.once('SIGTERM', () => ended.abort());
  await serveQueue(headstart, config, { queue: queue!, out: store ?? out, cell, tell, signal: ended.signal });
} else await runBench(headstart, config, { out, queue, store, events: { cell, warning: tell } });
