import { join } from 'node:path';
import { derivedRoot, makeFolder } from '@headstart/artifacts/storage';
import type { RegisteredDataset } from '@headstart/core';
import sharp from 'sharp';
import { cocoJson } from '../readers/coco-json.ts';
import { vendorLicence, vendorTitle, type SceneVendor } from './emoji-pictures.ts';
import { writeScenes } from './write-scenes.ts';

/** Changes with what scenes look like; the decoder's version changes them, too. */
const FORMAT = 1;

/**
 * Scenes composed on this machine from published pictures: emoji of ten classes, scaled, turned, partly
 * hidden, on photographs; 200 to train, 40 to validate, 100 to test, 416 x 416 pixels. Scenes have the
 * same layouts whoever drew the emoji, so that a detector is tested on another's drawings with nothing
 * else changed; photographs behind tested scenes occur in no other. Composed once and kept in the cache.
 */
export function emojiScenes(vendor: SceneVendor): RegisteredDataset {
  const id = `emoji-scenes-${vendor}`;
  return {
    id,
    modality: 'image',
    description: `340 scenes of emoji in 10 classes, as ${vendorTitle(vendor)} draws them, on photographs`,
    licence: `${vendorLicence(vendor)}, BSD-3-Clause (packages of the photographs)`,
    task: 'object-detection',
    async load({ artifacts }, options) {
      const vips = sharp.versions.vips.split('.').slice(0, 2).join('.');
      const folder = join(derivedRoot(artifacts), 'scenes', `${vendor}-${FORMAT}-libvips-${vips}`);
      await makeFolder(folder, (work) => writeScenes(work, { vendor, artifacts, progress: options.progress }));
      return { ...(await cocoJson.read(folder, options)), id };
    },
  };
}
