import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, RandomStream, silentProgress, type Artifacts, type Progress } from '@headstart/core';
import { efficientNetLite0, emojiDataset, type ImageSample } from '@headstart/vision';
import sharp from 'sharp';
import type { PictureFiles } from './job.ts';
import { pathOfPicture } from '../workspace/path-of-picture.ts';

/** Emoji categories. */
export const EMOJI_CLASSES = 9;
/** Pictures of which batches are made while steps are timed. */
export const DISTINCT = 64;

export interface Probe {
  readonly train: number;
  readonly validation: number;
}

export interface Prepared {
  readonly checkpoint: string;
  readonly large: PictureFiles;
  readonly medium: PictureFiles;
  readonly small: PictureFiles;
  readonly probe: PictureFiles;
}

/**
 * Decodes emoji in Google's and Twitter's drawing into raw files, the same for every contestant: shuffled,
 * as many as are asked for at 224 pixels for the probe, and a few of each size for steps.
 */
export async function prepare(folder: string, { train, validation }: Probe, progress: Progress): Promise<Prepared> {
  const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress });
  const [file] = efficientNetLite0.card.files;
  const { path: checkpoint } = await artifacts.file({ uri: file!.uri, sha256: file!.sha256! });
  const samples = await emoji(artifacts);
  const write = (name: string, count: number, side: number, channels: 1 | 3) =>
    writePictures(join(folder, name), samples.slice(0, count), side, channels);
  return {
    checkpoint,
    large: await write('large', DISTINCT, 224, 3),
    medium: await write('medium', DISTINCT, 96, 3),
    small: await write('small', DISTINCT, 28, 1),
    probe: await write('probe', train + validation, 224, 3),
  };
}

/** Emoji in Google's and Twitter's drawing, shuffled. */
export async function emoji(artifacts: Artifacts): Promise<ImageSample[]> {
  const vendors = ['google', 'twitter'] as const;
  const found: ImageSample[] = [];
  for (const vendor of vendors) {
    const { samples } = await emojiDataset(vendor).load(
      { artifacts },
      { skipBad: false, progress: silentProgress, options: {} },
    );
    found.push(...samples.map(({ sample }) => sample as ImageSample));
  }
  return Array.from(new RandomStream('peers').child('pictures').permutation(found.length), (i) => found[i]!);
}

async function writePictures(
  path: string,
  samples: readonly ImageSample[],
  side: number,
  channels: 1 | 3,
): Promise<PictureFiles> {
  const size = side * side * channels;
  const pixels = Buffer.alloc(size * samples.length);
  for (const [i, { image }] of samples.entries()) {
    const picture = sharp(await readFile(pathOfPicture(image)))
      .flatten({ background: 'white' })
      .resize(side, side, { kernel: 'cubic' });
    const { data } = await picture
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (data.length !== size) throw new RangeError(`A picture has ${data.length} bytes where ${size} are needed.`);
    data.copy(pixels, i * size);
  }
  const files: PictureFiles = {
    images: `${path}.pixels`,
    labels: `${path}.labels`,
    count: samples.length,
    height: side,
    width: side,
    channels,
  };
  await writeFile(files.images, pixels);
  await writeFile(
    files.labels,
    Uint8Array.from(samples, ({ label }) => label!),
  );
  return files;
}
