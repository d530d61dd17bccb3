import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Bench, BenchConfig } from '../bench-types.ts';

/** The configuration of a benchmark in a file; of the standard one by that name. @throws HeadstartError `config-invalid` */
export async function readBenchConfig(bench: Bench, file: string): Promise<BenchConfig> {
  if (file === 'standard' && !existsSync(file)) return bench.standardBench;
  const { loadFile } = await import('../config/load-file.ts');
  const given = { '@headstart/bench': bench };
  const example = "import { defineBench } from '@headstart/bench'; export default defineBench({ … });";
  return bench.checkBench(file, await loadFile(resolve(file), { given, example }));
}
