import { HeadstartError } from '@headstart/core';
import { join } from 'node:path';
import type { Draw } from '../draw.ts';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';
import type { System } from '../system.ts';
import { ASKED, oneEpoch, requestFor } from './trained.ts';

const KINDS = ['texts', 'pictures'] as const;
type Kind = (typeof KINDS)[number];

/** The files of a model that was trained. */
function modelSeed(system: System, kind: Kind): Promise<Files> {
  return system.seedFiles(`model-${kind}`, async (folder) => {
    const request = await requestFor(system, kind);
    await (await system.headstart).train({ ...request, out: join(folder, 'model') });
  });
}

/** Folders of trained models. */
export const models: Family = {
  name: 'models',
  valid: async (system) => [await modelSeed(system, 'texts'), await modelSeed(system, 'pictures')],
  make: async (draw, system) => mutateFiles(draw, await modelSeed(system, draw.of(KINDS)), chosen(draw)),
  async read(folder, system) {
    const model = await (await system.headstart).load(join(folder, 'model'));
    try {
      await model.predict(model.task.modality === 'text' ? ASKED.texts : ASKED.pictures);
    } finally {
      model.dispose();
    }
  },
};

/** Mostly the card and what stands in `source/`: what hangs on a digest is refused by it. */
function chosen(draw: Draw): (name: string) => boolean {
  const all = draw.once(3);
  return (name) => all || name.endsWith('.json');
}

function runSeed(system: System, kind: Kind): Promise<Files> {
  return system.seedFiles(`run-${kind}`, async (folder) => {
    const request = await requestFor(system, kind);
    const headstart = await system.headstart;
    await oneEpoch((options) => headstart.train({ ...request, out: join(folder, 'run') }, options)).catch(
      interruptedOnly,
    );
  });
}

/** Folders of runs that were interrupted. */
export const runs: Family = {
  name: 'runs',
  valid: async (system) => [await runSeed(system, 'texts'), await runSeed(system, 'pictures')],
  make: async (draw, system) => mutateFiles(draw, await runSeed(system, draw.of(KINDS))),
  async read(folder, system) {
    const headstart = await system.headstart;
    await oneEpoch((options) => headstart.resume(join(folder, 'run'), options)).catch(interruptedOnly);
  },
};

/** What an interruption rejects with is what was asked for. */
function interruptedOnly(error: unknown): void {
  if (!HeadstartError.is(error) || error.code !== 'interrupted') throw error;
}
