import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream, type Dataset } from '@headstart/core';
import type { Backbone } from '@headstart/core/network';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ASSIGNMENTS } from '../assignment/assignments.ts';
import { MOST_ASSIGNED, objectTargets } from '../assignment/cell-targets.ts';
import type { Box } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { alterationOf, AUGMENTATIONS } from './augmentation.ts';
import { DetectionEncoder } from './detection-encoder.ts';

const SIDE = 128;
const backbone = {
  architecture: 'test',
  input: {
    tensors: { image: { shape: [SIDE, SIDE, 3], dtype: 'float32' } },
    preprocessing: {
      height: SIDE,
      width: SIDE,
      order: 'RGB',
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
      interpolation: 'bilinear',
      fit: 'stretch',
      layout: 'NHWC',
    },
  },
  stages: [],
  features: [8, 16, 32].map((stride) => ({
    name: `c${stride}`,
    stage: 's',
    tensor: `c${stride}`,
    shape: [SIDE / stride, SIDE / stride, 4],
    kind: 'map',
    stride,
  })),
} as unknown as Backbone;
const encoderOf = (augmentation: string) =>
  new DetectionEncoder(
    { backbone, labels: ['a', 'b', 'c'], augmentation },
    ASSIGNMENTS['task-aligned'].targets(backbone),
  );

/** A rectangle of one colour a class on grey, and the channel in which it is bright. */
const COLOURS = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
] as const;

let folder: string;
let others: Dataset<DetectionSample>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-augmentation-'));
  const boxes: Box[] = [
    [16, 24, 40, 48],
    [60, 20, 48, 36],
    [40, 64, 44, 40],
  ];
  const samples = await Promise.all(boxes.map((box, label) => painted(`p${label}`, [{ box, label }])));
  others = { length: samples.length, get: (index) => samples[index]! };
});
afterAll(() => rm(folder, { recursive: true }));

async function painted(id: string, objects: readonly { box: Box; label: number }[]): Promise<DetectionSample> {
  const path = join(folder, `${id}.png`);
  const patches = await Promise.all(
    objects.map(async ({ box: [left, top, width, height], label }) => {
      const [r, g, b] = COLOURS[label]!;
      return {
        input: await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
          .png()
          .toBuffer(),
        left,
        top,
      };
    }),
  );
  await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: { r: 90, g: 90, b: 90 } } })
    .composite(patches)
    .png()
    .toFile(path);
  return {
    id,
    digest: id,
    image: { kind: 'file', path },
    width: SIDE,
    height: SIDE,
    objects: objects.map(({ box, label }, i) => ({ box, label, crowd: false, area: box[2] * box[3], id: i })),
  };
}

const view = (seed: string | number) => ({ kind: 'augmented' as const, random: new RandomStream(seed), others });
const rowsOf = (objects: ArrayLike<number>) =>
  Array.from({ length: MOST_ASSIGNED }, (_, i) => Array.from({ length: 5 }, (_, j) => objects[5 * i + j]!)).filter(
    (row) => row[4]! > 0,
  );

describe('views of several pictures', () => {
  it.each(['mosaic', 'paste', 'strong'])('show objects of other pictures where their boxes are: %s', async (policy) => {
    const objectsOf = ({ objects }: DetectionSample) => objects;
    const alteration = alterationOf(policy, { width: SIDE, height: SIDE }, objectsOf)!;
    const read = async (sample: DetectionSample) => {
      const { data } = await sharp((sample.image as { path: string }).path)
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { width: SIDE, height: SIDE, data: new Uint8Array(data) };
    };
    const seen = new Set<number>();
    let [most, checked] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const altered = alteration.view(others.get(0), view(seed));
      const { data } = await altered.picture(read);
      most = Math.max(most, altered.objects.length);
      for (const { box, label } of altered.objects) {
        // In the middle, away from edges, which fade, and from other objects the class's colour stands out, whatever the light.
        const [x, y] = [Math.floor(box[0] + box[2] / 2), Math.floor(box[1] + box[3] / 2)];
        const covered = altered.objects.some(
          ({ box: [l, t, w, h], label: other }) =>
            other !== label && x > l - 2 && x < l + w + 2 && y > t - 2 && y < t + h + 2,
        );
        if (covered || Math.min(box[2], box[3]) < 6) continue;
        const pixel = Array.from(data.subarray(3 * (y * SIDE + x), 3 * (y * SIDE + x) + 3));
        expect(pixel.indexOf(Math.max(...pixel)), `view ${seed} at ${x}, ${y}: ${pixel.join()}`).toBe(label);
        seen.add(label);
        checked += 1;
      }
    }
    expect([...seen].sort()).toEqual([0, 1, 2]);
    expect(most).toBeGreaterThan(1);
    expect(checked).toBeGreaterThan(30);
  });

  it('are the same from the same stream, and others from another', async () => {
    const encoder = encoderOf('strong');
    const [first, again] = await Promise.all([
      encoder.encode(others.get(1), view('a')),
      encoderOf('strong').encode(others.get(1), view('a')),
    ]);
    expect(first).toEqual(again);
    expect(encoder.target(others.get(1), view('a'))).toEqual(encoder.target(others.get(1), view('a')));
    expect(await encoder.encode(others.get(1), view('b'))).not.toEqual(first);
  });

  it('do with the picture alone where there are no others', async () => {
    const encoder = encoderOf('strong');
    const alone = { kind: 'augmented' as const, random: new RandomStream(3) };
    for (const [, , , , place] of rowsOf(encoder.target(others.get(2), alone)['objects']!)) expect(place).toBe(3);
    expect((await encoder.encode(others.get(2), alone))['image']).toHaveLength(SIDE * SIDE * 3);
  });

  it('are named by all samples that they may show, other views by none', () => {
    expect(AUGMENTATIONS.filter((policy) => encoderOf(policy).combining)).toEqual(['mosaic', 'paste', 'strong']);
    const name = (samples: readonly DetectionSample[]) =>
      encoderOf('strong').combining!({ length: samples.length, get: (i) => samples[i]! });
    const all = [others.get(0), others.get(1)];
    const moved = { ...all[1]!, objects: [{ ...all[1]!.objects[0]!, box: [0, 0, 9, 9] as const }] };
    expect(name(all)).toBe(name([...all]));
    expect(new Set([name(all), name(all.slice(1)), name([...all].reverse()), name([all[0]!, moved])]).size).toBe(4);
  });
});

describe('objects beyond those that targets hold', () => {
  it('are the smallest ones, and nothing is learned in their cells', () => {
    const large = Array.from({ length: MOST_ASSIGNED }, (_, i) => ({
      box: [8 * (i % 8), 8 * Math.floor(i / 8), 20, 20] as Box,
      label: 0,
      crowd: false,
    }));
    const small = { box: [100, 100, 18, 18] as Box, label: 1, crowd: false };
    const crowd = { box: [100, 0, 20, 20] as Box, label: 1, crowd: true };
    const { objects, cells } = objectTargets(backbone).of([small, crowd, ...large]);
    expect(rowsOf(objects!).every(([, , , , place]) => place === 1)).toBe(true);
    expect(rowsOf(objects!)).toHaveLength(MOST_ASSIGNED);
    const left = Array.from({ length: cells!.length / 4 }, (_, i) =>
      Array.from(cells!.subarray(4 * i, 4 * i + 4)),
    ).filter(([, , , counted]) => counted === 0);
    expect(left.length).toBeGreaterThan(4);
    for (const [x, y] of left as [number, number][])
      expect((x > 100 && x < 118 && y > 100 && y < 118) || (x > 100 && x < 120 && y > 0 && y < 20)).toBe(true);
    expect(rowsOf(objectTargets(backbone).of([small, crowd]).objects!)).toEqual([[100, 100, 118, 118, 2]]);
  });
});
