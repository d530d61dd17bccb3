import * as tf from '@tensorflow/tfjs';
import { RandomStream, type RandomStream as Stream } from '@headstart/core';
import { softCrossEntropy, type Backbone, type FeatureInfo } from '@headstart/core/network';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { imageInput } from '../sources/image-input.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { imageClassification } from './image-classification.ts';

let root: string;
let tensors = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-task-'));
  await tf.setBackend('cpu');
  tensors = tf.memory().numTensors;
});
afterAll(() => rm(root, { recursive: true }));
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

const labels = ['cat', 'dog', 'fox'];
const task = imageClassification();
const vector: FeatureInfo = { name: 'pooled', stage: 'pool', tensor: 'pooled', shape: [2], kind: 'vector' };
const map: FeatureInfo = { name: 'top', stage: 'top', tensor: 'map', shape: [2, 2, 2], kind: 'map' };

/** A network of 8 x 8 pixels, 1 grey level a unit, without stages: the tests call the head themselves. */
function backbone(...features: FeatureInfo[]): Backbone {
  const input = imageInput({
    height: 8,
    width: 8,
    channels: 3,
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
    interpolation: 'bilinear',
    crop: 'center',
    cropFraction: 1,
    layout: 'NHWC',
  });
  return { architecture: 'test', input, stages: [], features, dispose() {} };
}

function headOf(feature: FeatureInfo, kernel: number[], bias: number[]) {
  const head = task.buildHead(backbone(feature), labels, new RandomStream(1));
  const assign = (name: string, values: number[]) => {
    const { value } = head.variables.find((variable) => variable.name === name)!;
    tf.tidy(() => value.assign(tf.tensor(values, value.shape)));
  };
  assign('kernel', kernel);
  assign('bias', bias);
  return { head, dispose: () => head.variables.forEach(({ value }) => value.dispose()) };
}

describe('head', () => {
  it('computes ((x - mean) / deviation) kernel + bias', () => {
    const { head, dispose } = headOf(vector, [1, 0, 2, 0, 1, -1], [0.5, 0, 0]);
    head.fit?.('pooled', { mean: Float32Array.of(1, 10), standardDeviation: Float32Array.of(2, 5) });
    head.fit?.('another', { mean: Float32Array.of(9), standardDeviation: Float32Array.of(9) });
    const logits = tf.tidy(() =>
      head.forward({ pooled: tf.tensor2d([[5, 0]]) }, { training: false })['logits']!.arraySync(),
    );
    // Standardised: (5 - 1) / 2 = 2 and (0 - 10) / 5 = -2.
    expect(logits).toEqual([[2.5, -2, 6]]);
    dispose();
  });

  it('averages a map over its cells', () => {
    const { head, dispose } = headOf(map, [1, 0, 0, 0, 1, 0], [0, 0, 0]);
    const logits = tf.tidy(() =>
      head
        .forward({ map: tf.tensor4d([1, 10, 2, 20, 3, 30, 6, 40], [1, 2, 2, 2]) }, { training: false })
        ['logits']!.arraySync(),
    );
    expect(logits).toEqual([[3, 25, 0]]);
    dispose();
  });

  it('only centres a feature without spread', () => {
    const { head, dispose } = headOf(vector, [1, 0, 0, 0, 1, 0], [0, 0, 0]);
    head.fit?.('pooled', { mean: Float32Array.of(0, 100), standardDeviation: Float32Array.of(0, 1e-5) });
    const logits = tf.tidy(() =>
      head.forward({ pooled: tf.tensor2d([[3, 104]]) }, { training: false })['logits']!.arraySync(),
    );
    expect(logits).toEqual([[3, 4, 0]]);
    dispose();
  });

  it('gives gradients to weights and none to statistics, and starts the same from the same stream', () => {
    const [a, b] = [1, 1].map(() => task.buildHead(backbone(vector), labels, new RandomStream('head')));
    const values = (head: typeof a) => head!.variables.map(({ value }) => Array.from(value.dataSync()));
    expect(values(a)).toEqual(values(b));
    expect(new Set(values(a)[2]).size).toBe(6);
    const x = tf.tensor2d([[1, 2]]);
    const y = tf.tensor2d([[1, 0, 0]]);
    const { value, grads } = tf.variableGrads(() =>
      task.loss(a!.forward({ pooled: x }, { training: true }), { label: y }, { labelSmoothing: 0 }),
    );
    const named = a!.variables
      .filter(({ value: variable }) => grads[variable.name])
      .map(({ name, role }) => [name, role]);
    expect(named).toEqual([
      ['kernel', 'weight'],
      ['bias', 'weight'],
    ]);
    tf.dispose([x, y, value, grads]);
    for (const head of [a, b]) head!.variables.forEach(({ value: variable }) => variable.dispose());
  });

  it('refuses statistics that do not fit, a missing feature and a backbone of sequences', () => {
    const { head, dispose } = headOf(vector, [1, 0, 0, 0, 1, 0], [0, 0, 0]);
    expect(() => head.fit?.('pooled', { mean: new Float32Array(3), standardDeviation: new Float32Array(3) })).toThrow(
      '2 features',
    );
    expect(() => head.forward({}, { training: false })).toThrow('"pooled"');
    dispose();
    const text: FeatureInfo = { name: 'tokens', stage: 'x', tensor: 'tokens', shape: [4, 2], kind: 'sequence' };
    expect(() => task.buildHead(backbone(text), labels, new RandomStream(1))).toThrow(
      expect.objectContaining({ code: 'not-supported' }),
    );
  });
});

describe('loss', () => {
  const lossOf = (z: number[][], t: number[][], smoothing = 0) =>
    tf.tidy(() => softCrossEntropy(tf.tensor2d(z), tf.tensor2d(t), smoothing).arraySync());

  it('is the mean of -Σ t log softmax(z)', () => {
    // softmax(0, ln 3) = (1/4, 3/4).
    expect(
      lossOf(
        [
          [0, Math.log(3)],
          [0, Math.log(3)],
        ],
        [
          [1, 0],
          [0.5, 0.5],
        ],
      ),
    ).toBeCloseTo((Math.log(4) + 0.5 * Math.log(4) + 0.5 * Math.log(4 / 3)) / 2, 6);
  });

  it('smooths labels: (1 - s) t + s / classes', () => {
    const expected = 0.9 * Math.log(4) + 0.05 * (Math.log(4) + Math.log(4 / 3));
    expect(lossOf([[0, Math.log(3)]], [[1, 0]], 0.1)).toBeCloseTo(expected, 6);
  });

  it('stays finite for large logits, with the gradient (softmax - t) / batch', () => {
    expect(lossOf([[1e4, 0]], [[0, 1]])).toBeCloseTo(1e4, 0);
    const gradient = tf.tidy(() =>
      tf
        .grad((z) =>
          softCrossEntropy(
            z,
            tf.tensor2d([
              [0, 1],
              [1, 0],
            ]),
          ),
        )(
          tf.tensor2d([
            [0, Math.log(3)],
            [500, -500],
          ]),
        )
        .arraySync(),
    ) as number[][];
    [
      [1 / 8, -1 / 8],
      [0, 0],
    ]
      .flat()
      .forEach((value, i) => expect(gradient.flat()[i]).toBeCloseTo(value, 6));
  });
});

describe('predictions', () => {
  it('ranks up to five classes by probability', async () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'];
    const logits = tf.tensor2d([
      [0, Math.log(2), 0, Math.log(4), 0, 0],
      [9, 0, 0, 0, 0, 0],
    ]);
    const [first, second] = await task.decode({ logits }, many);
    logits.dispose();
    expect(first).toMatchObject({ label: 'd' });
    expect(first!.probability).toBeCloseTo(0.4, 6);
    expect(first!.top.map(({ label }) => label)).toEqual(['d', 'b', 'a', 'c', 'e']);
    expect(second!.label).toBe('a');
    expect(task.describe(first!)).toBe('d 40.0% (b 20.0%, a 10.0%)');
  });

  it('takes a path, and refuses what is not a picture', async () => {
    const path = join(root, 'one.png');
    await writeFile(
      path,
      await sharp({ create: { width: 4, height: 4, channels: 3, background: '#123456' } })
        .png()
        .toBuffer(),
    );
    expect(await task.parseInput(path)).toMatchObject({ id: path, image: { kind: 'file', path } });
    await expect(task.parseInput(join(root, 'none.png'))).rejects.toMatchObject({ code: 'sample-unreadable' });
    await expect(task.parseInput(root)).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringContaining('folder') as string,
    });
    await writeFile(join(root, 'text.png'), 'hello');
    await expect(task.parseInput(join(root, 'text.png'))).rejects.toMatchObject({ code: 'sample-unreadable' });
  });
});

describe('encoder', () => {
  const view = (random: Stream) => ({ kind: 'augmented', random }) as const;
  let sample: ImageSample;
  beforeAll(async () => {
    const path = join(root, 'noise.png');
    await writeFile(
      path,
      await sharp({
        create: {
          width: 60,
          height: 40,
          channels: 3,
          background: '#888',
          noise: { type: 'gaussian', mean: 128, sigma: 50 },
        },
      })
        .png()
        .toBuffer(),
    );
    sample = { ...(await task.parseInput(path)), label: 2 };
  });

  it('gives static shapes and one-hot targets', async () => {
    const encoder = task.encoder({ backbone: backbone(vector), labels, augmentation: 'none' });
    expect(encoder.inputs).toEqual({ image: { shape: [8, 8, 3], dtype: 'float32' } });
    expect(encoder.targets).toEqual({ label: { shape: [3], dtype: 'float32' } });
    expect((await encoder.encode(sample, { kind: 'plain' }))['image']).toHaveLength(192);
    expect(encoder.target(sample, { kind: 'plain' })).toEqual({ label: Float32Array.of(0, 0, 1) });
    expect(() => encoder.target({ ...sample, label: undefined }, { kind: 'plain' })).toThrow(
      expect.objectContaining({ code: 'label-invalid' }),
    );
    expect('mix' in encoder && encoder.mix !== undefined).toBe(false);
  });

  it('repeats a view from its name, whatever was drawn from the stream, and makes others from others', async () => {
    const encoder = task.encoder({ backbone: backbone(vector), labels, augmentation: 'randaugment+cutmix' });
    const used = new RandomStream('v');
    used.next();
    const [a, b, c] = await Promise.all(
      [new RandomStream('v'), used, new RandomStream('w')].map((random) => encoder.encode(sample, view(random))),
    );
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(encoder.target(sample, view(used))).toEqual({ label: Float32Array.of(0, 0, 1) });
    expect('mix' in encoder && encoder.mix !== undefined).toBe(true);
    expect(await encoder.encode(sample, { kind: 'plain' })).toEqual(
      await task
        .encoder({ backbone: backbone(vector), labels, augmentation: 'none' })
        .encode(sample, { kind: 'plain' }),
    );
  });

  it('has a key that names preprocessing and background, and not the augmentation', () => {
    const keyOf = (how = task, augmentation = 'none', edit = {}) => {
      const network = backbone(vector);
      const preprocessing = { ...(network.input.preprocessing as object), ...edit };
      return how.encoder({ backbone: { ...network, input: { ...network.input, preprocessing } }, labels, augmentation })
        .key;
    };
    expect(keyOf(task, 'standard')).toBe(keyOf());
    const others = [
      keyOf(imageClassification({ background: [0, 0, 0] })),
      keyOf(task, 'none', { mean: [1, 0, 0] }),
      keyOf(task, 'none', { crop: 'stretch' }),
      keyOf(task, 'none', { interpolation: 'bicubic' }),
    ];
    expect(new Set([keyOf(), ...others]).size).toBe(5);
    expect(keyOf()).toMatch(/libvips \d+\.\d+/);
  });

  it('refuses a source that takes no picture', () => {
    const network = backbone(vector);
    const wrong = {
      ...network,
      input: { ...network.input, tensors: { ids: { shape: [16], dtype: 'int32' } as const } },
    };
    expect(() => task.encoder({ backbone: wrong, labels, augmentation: 'none' })).toThrow(
      expect.objectContaining({ code: 'not-supported' }),
    );
    expect(() => task.checkAugmentation?.('nonsense')).toThrow(expect.objectContaining({ code: 'unknown-name' }));
  });
});
