import { join } from 'node:path';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';
import type { System } from '../system.ts';
import { oneEpoch, requestFor } from './trained.ts';
import { HeadstartError } from '@headstart/core';

const featuresSeed = (system: System): Promise<Files> =>
  system.seedFiles('features', async (folder) => {
    const headstart = await system.openIn(join(folder, 'cache'));
    await headstart.train({ ...(await requestFor(system, 'texts')), out: join(folder, 'model') });
  });

/** Caches of features, damaged: what is wrong there is computed anew. */
export const features: Family = {
  name: 'features',
  valid: async (system) => [await featuresSeed(system)],
  async make(draw, system) {
    return mutateFiles(draw, await featuresSeed(system), (name) => name.startsWith('cache/features/'));
  },
  async read(folder, system) {
    const headstart = await system.openIn(join(folder, 'cache'));
    const request = { ...(await requestFor(system, 'texts')), out: join(folder, 'again') };
    await oneEpoch((options) => headstart.train(request, options)).catch((error: unknown) => {
      if (!HeadstartError.is(error) || error.code !== 'interrupted') throw error;
    });
  },
};
