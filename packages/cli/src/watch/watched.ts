import type { Bench, BenchEvents, ReportReaders } from '../bench-types.ts';
import { benchReport } from '../terminal/bench-report.ts';
import type { Console } from '../terminal/console.ts';

/** How a benchmark that runs is followed. */
export interface WatchRequest {
  /** Whether by a page, beside the terminal. */
  readonly watch?: boolean;
  readonly port: number;
  readonly dir: string;
  readonly name: string;
  readonly headstart: ReportReaders;
}

/** Runs a benchmark while the terminal, and a page where one is asked for, follow it; the page ends with it. */
export async function watched<T>(
  console: Console,
  bench: Bench,
  { watch: page, name, ...served }: WatchRequest,
  run: (events: BenchEvents) => Promise<T>,
): Promise<T> {
  const told = benchReport(console);
  if (!page) return run(told);
  const watch = new bench.BenchWatch(name);
  const { serveWatch } = await import('./serve-watch.ts');
  const { url, close } = await serveWatch(bench, { watch, ...served });
  console.entry(console.colours.cyan('watch'), url);
  try {
    return await run(both(told, watch.events));
  } finally {
    watch.end();
    await close();
  }
}

function both(one: BenchEvents, other: BenchEvents): BenchEvents {
  return {
    planned(...told) {
      one.planned?.(...told);
      other.planned?.(...told);
    },
    cell(...told) {
      one.cell?.(...told);
      other.cell?.(...told);
    },
    warning(...told) {
      one.warning?.(...told);
      other.warning?.(...told);
    },
  };
}
