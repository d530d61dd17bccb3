import * as tf from '@tensorflow/tfjs';
import { RandomStream } from '@headstart/core';
import { gradCam, type Backbone, type Stage } from '@headstart/core/network';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { imageInput } from '../sources/image-input.ts';
import { imageClassification } from '../task/image-classification.ts';
import { multiLabelImageClassification } from '../task/multi-label-image-classification.ts';
import { overlayHeat } from './heat-overlay.ts';

let root: string;
let tensors = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-explain-'));
  await tf.setBackend('cpu');
  tensors = tf.memory().numTensors;
});
afterAll(() => rm(root, { recursive: true }));
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

const SIDE = 8;
const labels = ['red', 'blue'];
const task = imageClassification();
const stage = (name: string, forward: Stage['forward']): Stage => ({ name, variables: [], forward, initialise() {} });

/** Averages 4 x 4 blocks to a 2 x 2 map of three channels, and the map to a vector. */
function averaging(): Backbone {
  const input = imageInput({
    height: SIDE,
    width: SIDE,
    channels: 3,
    mean: [0, 0, 0],
    deviation: [255, 255, 255],
    interpolation: 'nearest',
    crop: 'center',
    cropFraction: 1,
    layout: 'NHWC',
  });
  return {
    architecture: 'averaging',
    input,
    stages: [
      stage('blocks', ({ image }) => ({ map: tf.avgPool(image as tf.Tensor4D, 4, 4, 'valid') })),
      stage('pool', ({ map }) => ({ pooled: map!.mean([1, 2]) })),
    ],
    features: [
      { name: 'blocks', stage: 'blocks', tensor: 'map', shape: [2, 2, 3], kind: 'map', stride: 4 },
      { name: 'pooled', stage: 'pool', tensor: 'pooled', shape: [3], kind: 'vector' },
    ],
    dispose() {},
  };
}

/** Red speaks for "red" and a little against "blue", blue for "blue". */
function headOn(backbone: Backbone) {
  const head = task.buildHead(backbone, labels, new RandomStream(1));
  const kernel = head.variables.find(({ name }) => name === 'kernel')!.value;
  tf.tidy(() =>
    kernel.assign(
      tf.tensor2d([
        [2, -1],
        [0, 0],
        [0, 3],
      ]),
    ),
  );
  return { head, dispose: () => head.variables.forEach(({ value }) => value.dispose()) };
}

/** The left half red; the lower right quarter blue at half strength. 16 x 8: the centre is what the network sees. */
async function picture(): Promise<string> {
  const path = join(root, 'picture.png');
  const data = Uint8Array.from({ length: 16 * 8 * 3 }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % 16, Math.floor(i / 48), i % 3];
    if (x < 4 || x >= 12) return 90;
    return c === 0 ? (x < 8 ? 255 : 0) : c === 2 && x >= 8 && y >= 4 ? 128 : 0;
  });
  await writeFile(
    path,
    await sharp(data, { raw: { width: 16, height: 8, channels: 3 } })
      .png()
      .toBuffer(),
  );
  return path;
}

describe('Grad-CAM', () => {
  it('finds where a class is, by hand', async () => {
    const backbone = averaging();
    const { head, dispose } = headOn(backbone);
    const encoder = task.encoder({ backbone, labels, augmentation: 'none' });
    const inputs = await encoder.encode(await task.parseInput(await picture()), { kind: 'plain' });
    const request = { backbone, head, inputs, specs: encoder.inputs };
    // d logit / d cell = kernel / 4. Red: 2/4 of red. The bias is zero: logits 2 x 0.5 and -0.5 + 3 x 128/255/4.
    const red = await gradCam(request);
    expect(red.label).toBe(0);
    expect(red.logits[0]).toBeCloseTo(1, 5);
    expect(red.logits[1]).toBeCloseTo(-0.5 + (3 * 128) / 255 / 4, 5);
    expect(Array.from(red.values)).toEqual([1, 0, 1, 0]);
    // Blue: -1/4 of red (cut off on the left) and 3/4 of blue, there only in the lower right.
    const blue = await gradCam({ ...request, label: 1 });
    expect([blue.label, blue.height, blue.width]).toEqual([1, 2, 2]);
    expect(Array.from(blue.values)).toEqual([0, 0, 0, 1]);
    dispose();
  });

  it('says so where there is no feature map', async () => {
    const backbone = { ...averaging(), features: averaging().features.slice(1) };
    const { head, dispose } = headOn(backbone);
    await expect(
      gradCam({ backbone, head, inputs: { image: new Float32Array(192) }, specs: backbone.input.tensors }),
    ).rejects.toMatchObject({ code: 'not-supported' });
    dispose();
  });
});

describe('the explanation', () => {
  it('colours what was seen and fades the rest', () => {
    const heat = { width: 1, height: 1, values: Float32Array.of(1), label: 0, logits: new Float32Array(1) };
    const black = { width: 2, height: 1, data: new Uint8Array(6) };
    // The hottest colour (220, 30, 20) at 0.65; white at 0.7.
    expect(Array.from(overlayHeat(black, heat, { left: 0, top: 0, width: 1, height: 1 }).data)).toEqual([
      143, 20, 13, 179, 179, 179,
    ]);
  });

  it('is a PNG of the whole picture with a caption and the label in its description', async () => {
    const backbone = averaging();
    const { head, dispose } = headOn(backbone);
    const encoder = task.encoder({ backbone, labels: ['<red> & "co"', 'blue'], augmentation: 'none' });
    const png = await task.explain!({
      sample: await task.parseInput(await picture()),
      backbone,
      head,
      labels: ['<red> & "co"', 'blue'],
      encoder,
    });
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([256, 128 + 36]);
    const at = (x: number, y: number) => Array.from(data.subarray(3 * (y * 256 + x), 3 * (y * 256 + x) + 3));
    // The network saw columns 64 to 192: hot red on the left, cold on the right; beside it the picture fades.
    const [red, , blue] = at(72, 64);
    expect(red! - blue!).toBeGreaterThan(150);
    const [coldRed, , coldBlue] = at(184, 16);
    expect(coldBlue! - coldRed!).toBeGreaterThan(10);
    expect(at(8, 64)).toEqual([206, 206, 206]);
    // The caption is as wide as the picture.
    const caption = Array.from({ length: 256 }, (_, x) => at(x, 128 + 20)[0]!);
    expect(caption[255]).toBe(32);
    expect((await sharp(png).metadata()).exif?.toString('latin1')).toContain('<red> & "co"');
    dispose();
  });

  it('gives a label of several its own probability', async () => {
    const backbone = averaging();
    const { head, dispose } = headOn(backbone);
    const sample = await task.parseInput(await picture());
    // Logits 1 and -0.12: softmax gives red 75.5%, and σ(1) is 73.1%.
    for (const [learned, percent] of [
      [task, '75.5%'],
      [multiLabelImageClassification(), '73.1%'],
    ] as const) {
      const encoder = learned.encoder({ backbone, labels, augmentation: 'none' });
      const png = await learned.explain!({ sample, backbone, head, labels, encoder });
      expect((await sharp(png).metadata()).exif?.toString('latin1')).toContain(`red ${percent}`);
    }
    dispose();
  });
});
