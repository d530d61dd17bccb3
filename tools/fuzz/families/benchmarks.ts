import { checkBench, readResults, runBench, verifyBench, writeReport } from '@headstart/bench';
import { join } from 'node:path';
import type { Family } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';
import { mutateJson } from '../mutate-json.ts';
import type { System } from '../system.ts';
import { dataOf, requestFor } from './trained.ts';

async function configOf(system: System): Promise<object> {
  const { source = '' } = await requestFor(system, 'texts');
  const target = await dataOf(system, 'texts');
  const domain = { name: 'texts', target };
  return {
    sources: [source],
    domains: { train: [domain], test: [{ ...domain, split: 'test' }] },
    strategies: ['linear-probe'],
    seeds: 2,
    options: { epochs: 1 },
  };
}

/** Folders of benchmarks: records, predictions, results, the report. */
export const benchmarks: Family = {
  name: 'benchmarks',
  async make(draw, system) {
    const files = await system.seedFiles('bench', async (folder) => {
      const headstart = await system.headstart;
      await runBench(headstart, checkBench('bench.json', await configOf(system)), { out: join(folder, 'bench') });
      await writeReport(join(folder, 'bench'), headstart);
    });
    return mutateFiles(draw, files);
  },
  async read(folder, system) {
    const headstart = await system.headstart;
    const dir = join(folder, 'bench');
    await verifyBench(headstart, dir, { rerun: 0 });
    await readResults(dir);
    await writeReport(dir, headstart);
  },
};

/** Configurations of benchmarks. */
export const benchConfigs: Family = {
  name: 'bench-configs',
  make: async (draw, system) => new Map([['bench.config.json', mutateJson(draw, await configOf(system))]]),
  async read(folder) {
    const { loadFile } = await import('../../../packages/cli/src/config/load-file.ts');
    const file = join(folder, 'bench.config.json');
    checkBench(file, await loadFile(file, { given: {}, example: '' }));
  },
};
