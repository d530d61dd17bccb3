import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentProgress, type Reader, type TargetData } from '@headstart/core';
import { refusalOf } from '@headstart/core/testing';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { DetectionSample } from '../data/detection-sample.ts';

export interface TrialFolder {
  readonly root: string;
  /** Writes a file, by its path within the folder: a picture of 100 x 80 pixels, a text, or a value as JSON. @returns its whole path */
  put(path: string, content?: Buffer | string | object): Promise<string>;
  read(
    reader: Reader<DetectionSample>,
    options?: Record<string, string>,
    how?: { path?: string; skipBad?: boolean },
  ): Promise<TargetData<DetectionSample>>;
}

/** A folder of its own for each test of the file. */
export function trialFolder(): TrialFolder {
  let root = '';
  let picture: Buffer;
  beforeAll(async () => {
    picture = await sharp({ create: { width: 100, height: 80, channels: 3, background: '#36a' } })
      .jpeg()
      .toBuffer();
  });
  beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-annotations-'))));
  afterEach(() => rm(root, { recursive: true, force: true }));
  return {
    get root() {
      return root;
    },
    async put(path, content = picture) {
      const whole = join(root, path);
      await mkdir(dirname(whole), { recursive: true });
      const text = Buffer.isBuffer(content) || typeof content === 'string';
      await writeFile(whole, text ? content : JSON.stringify(content));
      return whole;
    },
    read: (reader, options = {}, { path = root, skipBad = false } = {}) =>
      reader.read(path, { skipBad, progress: silentProgress, options }),
  };
}

/** Each sample as its id, its split and its boxes, each as its label and the four numbers, rounded to a thousandth. */
export function boxesOf({ labels, samples }: TargetData<DetectionSample>): unknown[] {
  const rounded = (side: number) => Math.round(side * 1000) / 1000;
  return samples.map(({ sample, split }) => [
    sample.id,
    split,
    sample.objects.map(({ box, label }) => [labels[label], ...box.map(rounded)]),
  ]);
}

/** Expects a refusal whose message, and not only its hint, has these words, and is no page long. */
export async function expectRefusal(work: Promise<unknown>, code: string, ...words: string[]): Promise<void> {
  const { message } = await refusalOf(work, code);
  for (const word of words) expect(message).toContain(word);
  expect(message.length).toBeLessThan(600);
}
