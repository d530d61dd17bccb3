import * as tf from '@tensorflow/tfjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  residualLayersModel,
  saveGraphModel,
  saveLayersModel,
} from '../../../packages/vision/src/sources/tfjs/models.test.kit.ts';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';
import { filesIn, once } from '../seeds.ts';
import type { System } from '../system.ts';

async function saved(save: (folder: string) => Promise<void>): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), 'headstart-fuzz-seed-'));
  try {
    await save(folder);
    return await filesIn(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const layersSeed = once(() => saved((folder) => saveLayersModel(residualLayersModel(), folder)));
const smallSeed = once(() =>
  saved((folder) =>
    saveLayersModel(
      tf.sequential({
        layers: [
          tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3] }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 2 }),
        ],
      }),
      folder,
    ),
  ),
);
const graphSeed = once(() => saved((folder) => saveGraphModel(folder)));

const PICTURE = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="9" height="9"/></svg>',
);

async function read(folder: string, system: System): Promise<void> {
  await (await system.headstart).embed(`tfjs:${folder}`, [PICTURE]);
}

const onlyModel = (name: string) => name === 'model.json';

/** Models that TensorFlow.js saved as layers. */
export const layersModels: Family = {
  name: 'layers-models',
  valid: () => Promise.all([layersSeed(), smallSeed()]),
  make: async (draw) =>
    mutateFiles(draw, await (draw.once(2) ? layersSeed() : smallSeed()), draw.once(6) ? undefined : onlyModel),
  read,
};

/** Models that TensorFlow.js saved as graphs. */
export const graphModels: Family = {
  name: 'graph-models',
  valid: async () => [await graphSeed()],
  make: async (draw) => mutateFiles(draw, await graphSeed(), draw.once(6) ? undefined : onlyModel),
  read,
};
