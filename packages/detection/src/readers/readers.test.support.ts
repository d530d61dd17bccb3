import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentProgress, type Reader, type ReadOptions } from '@headstart/core';
import sharp from 'sharp';
import type { DetectionSample } from '../data/detection-sample.ts';

/** The size of `picture`. */
export const [WIDTH, HEIGHT] = [100, 80];

const drawn = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#36a' } });
/** A JPEG file of `WIDTH` x `HEIGHT` pixels. */
export const picture = await drawn.clone().jpeg().toBuffer();

/** A folder of its own for a test. */
export class Scratch {
  private constructor(readonly root: string) {}

  static async make(): Promise<Scratch> {
    return new Scratch(await mkdtemp(join(tmpdir(), 'headstart-boxes-')));
  }

  /** Writes a file: a picture where nothing is given. */
  async put(path: string, content: Buffer | string | object = picture): Promise<string> {
    const whole = join(this.root, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, Buffer.isBuffer(content) || typeof content === 'string' ? content : JSON.stringify(content));
    return whole;
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

/** Reads as the command does. */
export function read(
  reader: Reader<DetectionSample>,
  path: string,
  given: Record<string, string> = {},
  skipBad = false,
) {
  const options: ReadOptions = { skipBad, progress: silentProgress, options: given };
  return reader.read(path, options);
}

type Data = Awaited<ReturnType<typeof read>>;

/** Each sample's id, split and objects, these by class name and box to the nearest thousandth. */
export function seen({ samples, labels }: Data) {
  return samples.map(({ sample, split }) => ({
    id: sample.id,
    split,
    objects: sample.objects.map(({ box, label }) => [
      labels[label],
      ...box.map((side) => Math.round(side * 1000) / 1000),
    ]),
  }));
}

/** The codes of a reading's warnings. */
export const warned = ({ notes }: Data) => (notes?.warnings ?? []).map(({ code }) => code);
