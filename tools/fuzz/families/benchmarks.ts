import { checkBench, readResults, runBench, verifyBench, writeReport } from '@headstart/bench';
import { join } from 'node:path';
import type { Family, Files } from '../family.ts';
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

const benchSeed = (system: System): Promise<Files> =>
  system.seedFiles('bench', async (folder) => {
    const headstart = await system.headstart;
    await runBench(headstart, checkBench('bench.json', await configOf(system)), { out: join(folder, 'bench') });
    await writeReport(join(folder, 'bench'), headstart);
  });

/** Folders of benchmarks: records, predictions, results, the report. */
export const benchmarks: Family = {
  name: 'benchmarks',
  valid: async (system) => [await benchSeed(system)],
  make: async (draw, system) => mutateFiles(draw, await benchSeed(system)),
  async read(folder, system) {
    const headstart = await system.headstart;
    const dir = join(folder, 'bench');
    await verifyBench(headstart, dir, { rerun: 0 });
    await readResults(dir);
    await writeReport(dir, headstart);
  },
};

const CONFIG = 'bench.config.json';

/** Configurations of benchmarks. */
export const benchConfigs: Family = {
  name: 'bench-configs',
  needs: [CONFIG],
  valid: async (system) => [new Map([[CONFIG, JSON.stringify(await configOf(system))]])],
  make: async (draw, system) => new Map([[CONFIG, mutateJson(draw, await configOf(system))]]),
  async read(folder) {
    const { loadFile } = await import('../../../packages/cli/src/config/load-file.ts');
    const file = join(folder, CONFIG);
    checkBench(file, await loadFile(file, { given: {}, example: '' }));
  },
};
