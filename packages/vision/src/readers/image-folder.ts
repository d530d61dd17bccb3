import { detectClassFolders, listClassFolders, type ClassFolderKind } from '@headstart/core/readers';
import type { Reader } from '@headstart/core';
import { isSideFile, namesImage } from '@headstart/core/images';
import { basename, resolve } from 'node:path';
import type { ImageSample } from '../images/image-sample.ts';
import { readSamples } from './read-samples.ts';

const pictures: ClassFolderKind = { one: 'picture', many: 'pictures', names: namesImage, passOver: isSideFile };

/**
 * A folder of class folders: `photos/cat/1.jpg` is a cat. Pictures may lie deeper inside their class
 * folder. Where all folders are named `train`, `validation` (or `val`, `valid`) and `test`, and train is
 * among them, they are the splits and the class folders lie inside.
 *
 * Passed over: hidden files, notes and tables (`.txt`, `.md`, `.json`, `.csv`, `.xml`, …), what file
 * managers leave, and any file above the class folders that is not a picture by its name. Every other
 * file inside a class folder must be a picture, whatever its name.
 */
export const imageFolder: Reader<ImageSample> = {
  id: 'image-folder',
  modality: 'image',
  description: 'A folder of class folders of images, with train/, validation/ and test/ above them if you like',
  task: 'image-classification',

  detect: (path) => detectClassFolders(path, pictures, 0.8),

  async read(path, options) {
    const { labels, files } = await listClassFolders(path, pictures);
    const { samples, skipped } = await readSamples(files, options);
    return { id: basename(resolve(path)), modality: 'image', reader: 'image-folder', labels, samples, skipped };
  },
};
