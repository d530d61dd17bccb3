import type { RegisteredDataset } from '@headstart/core';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSamples, type FoundImage } from '../readers/read-samples.ts';

const FOLDER = 'conformal_clip_data/data/textile_images/simulated';

/** The classes are the package's folders. */
const LABELS = ['global', 'local', 'nominal'];

/**
 * Simulated textile textures, 250 x 250 grey (Megahed et al., 2025, arXiv 2501.12596, by the R package spc4sts): the
 * weave as it should be, with a local defect, or with its parameters 5 % off everywhere.
 */
export const textileDefects: RegisteredDataset = {
  id: 'textile-defects',
  modality: 'image',
  description: '2,000 simulated textile textures: 1,000 nominal, 500 with a local and 500 with a global defect',
  licence: 'MIT (package and pictures)',
  task: 'image-classification',
  async load({ artifacts }, options) {
    const { path } = await artifacts.package({
      uri: 'pypi:conformal-clip-data@0.1.4',
      archiveSha256: '00144ccc179a887dbea15923be8cf236d0c0f49bf7fb6f7bb288e40b53fb1bcb',
      include: LABELS.map((label) => `${FOLDER}/${label}`),
    });
    const found: FoundImage[] = [];
    for (const [label, name] of LABELS.entries()) {
      const files = (await readdir(join(path, FOLDER, name))).sort();
      found.push(...files.map((file) => ({ id: `${name}/${file}`, path: join(path, FOLDER, name, file), label })));
    }
    const { samples, skipped } = await readSamples(found, options);
    return { id: 'textile-defects', modality: 'image', reader: 'image-folder', labels: LABELS, samples, skipped };
  },
};
