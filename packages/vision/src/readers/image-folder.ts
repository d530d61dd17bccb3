import { detectClassFolders, listClassFolders } from '@headstart/core/readers';
import type { Reader } from '@headstart/core';
import { PICTURES } from '@headstart/core/images';
import { basename, resolve } from 'node:path';
import type { ImageSample } from '../images/image-sample.ts';
import { annotationSigns } from './annotation-signs.ts';
import { readSamples } from './read-samples.ts';

/**
 * A folder of class folders: `photos/cat/1.jpg` is a cat. Pictures may lie deeper inside their class folder; splits may lie
 * above or inside the class folders (see `listClassFolders`, also for the options `class-depth`, `ignore` and `splits`).
 *
 * Passed over: hidden files, notes and tables (`.txt`, `.md`, `.json`, `.csv`, `.xml`, …), what file managers leave, files
 * whose ending is surely another kind's (`.mov`, `.zip`, `.py`, …), folders of annotations beside pictures, and any file
 * above the class folders that is not a picture by its name. Every other file inside a class folder must be a picture.
 */
export const imageFolder: Reader<ImageSample> = {
  id: 'image-folder',
  modality: 'image',
  description: 'A folder of class folders of images, with train/, validation/ and test/ above them if you like',
  task: 'image-classification',

  detect: (path) => detectClassFolders(path, PICTURES, 0.8),

  async recognise(path) {
    const isOurs = (await detectClassFolders(path, PICTURES, 1)) > 0;
    return isOurs ? annotationSigns(path) : undefined;
  },

  async read(path, options) {
    const { labels, files, notes } = await listClassFolders(path, PICTURES, options.options);
    const { samples, skipped, warnings } = await readSamples(files, options);
    return {
      id: basename(resolve(path)),
      modality: 'image',
      reader: 'image-folder',
      labels,
      samples,
      skipped,
      notes: { ...notes, warnings: [...(notes.warnings ?? []), ...warnings] },
    };
  },
};
