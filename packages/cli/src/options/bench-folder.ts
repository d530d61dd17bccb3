import { basename } from 'node:path';

/** Where a benchmark goes that says no folder: `runs/matrix` for `matrix.bench.ts` or `matrix.json`, `runs/bench` for `bench.config.ts`. */
export function benchFolder(config: string): string {
  const name = basename(config).split('.', 1)[0]!;
  return `runs/${name === '' ? 'bench' : name}`;
}
