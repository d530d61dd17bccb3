import type { Bench, BenchWatch, ReportReaders } from '../bench-types.ts';
import { listen, type Listening } from '../serve/listen.ts';
import { watchApp } from './watch-app.ts';

/** A benchmark that is to be served while it runs. */
export interface ServedBench {
  readonly watch: BenchWatch;
  readonly dir: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly headstart: ReportReaders;
}

/** Serves a benchmark that runs in a folder, to this machine alone. The caller closes it when the benchmark has ended. */
export function serveWatch(bench: Bench, { watch, dir, port, headstart }: ServedBench): Promise<Listening> {
  const page = () => bench.watchPage(watch.snapshot);
  const report = () => bench.reportPageIn(dir, headstart);
  return listen(watchApp({ watch, page, report }), { host: '127.0.0.1', port });
}
