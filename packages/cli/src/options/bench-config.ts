import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Bench, BenchConfig } from '../bench-types.ts';

/** The configuration of a benchmark in a file; of the standard one by that name. @throws HeadstartError `config-invalid`, also where there is none */
export async function readBenchConfig(bench: Bench, file: string): Promise<BenchConfig> {
  if (!existsSync(file)) {
    if (file === 'standard') return bench.standardBench;
    throw new HeadstartError({
      code: 'config-invalid',
      message: `There is no benchmark's configuration ${file}.`,
      hint: 'Give the path of a bench.config.ts or a JSON file, or standard for the one that is there.',
    });
  }
  const { loadFile } = await import('../config/load-file.ts');
  const given = { '@headstart/bench': bench };
  const example = "import { defineBench } from '@headstart/bench'; export default defineBench({ … });";
  return bench.checkBench(file, await loadFile(resolve(file), { given, example }));
}
