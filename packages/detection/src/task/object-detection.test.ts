import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs';
import { dispose, memory, setBackend, tensor, tidy, variableGrads, zeros } from '@tensorflow/tfjs-core';
import { HeadstartError, RandomStream, type ReadSample, type TargetData } from '@headstart/core';
import type { Metric } from '@headstart/core/metrics';
import type { Backbone } from '@headstart/core/network';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iou } from '../boxes/iou.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { cellsOf, type Cells } from '../heads/cells.ts';
import type { DetectionEvidence } from '../metrics/detection-evidence.ts';
import { heatMapDetection, objectDetection } from './object-detection.ts';

const SIDE = 64;
const preprocessing = {
  height: SIDE,
  width: SIDE,
  order: 'BGR',
  mean: [1, 2, 3],
  deviation: [1, 2, 4],
  interpolation: 'bilinear',
  fit: 'letterbox',
  layout: 'NHWC',
};
const backbone = {
  architecture: 'test',
  input: { tensors: { image: { shape: [SIDE, SIDE, 3], dtype: 'float32' } }, preprocessing },
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
const labels = ['cat', 'dog'];
const task = objectDetection();
/** Targets that hold what each cell learns of boxes alone. */
const adaptive = objectDetection({ assignment: 'adaptive' });
const encoder = adaptive.encoder({ backbone, labels, augmentation: 'none' });

let folder: string;
let picture: DetectionSample;
beforeAll(async () => {
  await setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'headstart-detection-'));
  const path = join(folder, 'wide.png');
  await sharp({ create: { width: 128, height: 64, channels: 3, background: { r: 10, g: 20, b: 30 } } })
    .png()
    .toFile(path);
  picture = {
    id: 'wide',
    digest: 'wide',
    image: { kind: 'file', path },
    width: 128,
    height: 64,
    objects: [
      { box: [20, 10, 40, 30], label: 1, crowd: false, area: 900, id: 1 },
      { box: [80, 20, 32, 40], label: 0, crowd: false, area: 1280, id: 2 },
    ],
  };
});
afterAll(() => rm(folder, { recursive: true }));

/** Outputs of a head that is certain of these boxes, given in pixels of the input, each in a cell of its own. */
function outputsOf(found: readonly { xyxy: number[]; label: number; logit: number }[]) {
  const { count }: Cells = cellsOf(backbone);
  const logits = new Float32Array(count * labels.length).fill(-20);
  const xyxy = new Float32Array(count * 4);
  found.forEach((box, cell) => {
    logits[cell * labels.length + box.label] = box.logit;
    xyxy.set(box.xyxy, 4 * cell);
  });
  return { logits: tensor(logits, [1, count, labels.length]), xyxy: tensor(xyxy, [1, count, 4]) };
}

describe('the encoder', () => {
  it('puts a wide picture into the middle, black above and below, in the order of channels that the source takes', async () => {
    const { image } = await encoder.encode(picture, { kind: 'plain' });
    const at = (row: number, column: number) =>
      Array.from(image!.subarray((row * SIDE + column) * 3, (row * SIDE + column) * 3 + 3));
    expect(at(0, 0)).toEqual([-1, -1, -0.75]); // (0 - mean) / deviation
    expect(at(15, 63)).toEqual([-1, -1, -0.75]);
    expect(at(16, 0)).toEqual([29, 9, 1.75]); // blue 30, green 20, red 10
    expect(at(47, 63)).toEqual([29, 9, 1.75]);
    expect(at(48, 0)).toEqual([-1, -1, -0.75]);
  });

  it('gives targets in cells of the input and the truth in pixels of the picture', () => {
    const { labels: cells, ltrb, truth, frame } = encoder.target(picture, { kind: 'plain' });
    expect(Array.from(frame!)).toEqual([0.5, 0.5, 0, 16]);
    expect(Array.from(truth!.subarray(0, 7))).toEqual([20, 10, 40, 30, 900, 0, 2]);
    expect(truth!.length).toBe(300 * 7);
    // The second object lies at [40, 26, 16, 20] of the input: its cells give its sides as seen from their middles.
    const { x, y, stride } = cellsOf(backbone);
    const own = Array.from(cells!.keys()).filter((cell) => cells![cell] === 0);
    expect(own.length).toBeGreaterThan(0);
    for (const cell of own) {
      const [left, top, right, bottom] = Array.from(ltrb!.subarray(4 * cell, 4 * cell + 4)).map(
        (value) => value * stride[cell]!,
      );
      const xyxy = [x[cell]! - left!, y[cell]! - top!, x[cell]! + right!, y[cell]! + bottom!];
      xyxy.forEach((side, i) => expect(side).toBeCloseTo([40, 26, 56, 46][i]!, 4));
    }
  });

  it('alters picture and boxes alike', async () => {
    // A green object on grey: wherever the view puts it, its box holds the green pixels and no other does.
    const path = join(folder, 'green.png');
    const green = await sharp({ create: { width: 16, height: 24, channels: 3, background: { r: 0, g: 255, b: 0 } } })
      .png()
      .toBuffer();
    await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: { r: 90, g: 90, b: 90 } } })
      .composite([{ input: green, left: 20, top: 16 }])
      .png()
      .toFile(path);
    const sample: DetectionSample = {
      ...picture,
      image: { kind: 'file', path },
      width: SIDE,
      height: SIDE,
      objects: [{ box: [20, 16, 16, 24], label: 0, crowd: false, area: 384, id: 1 }],
    };
    const altering = adaptive.encoder({ backbone, labels, augmentation: 'light' });
    const { x, y, stride } = cellsOf(backbone);
    const boxes = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const view = { kind: 'augmented' as const, random: new RandomStream(seed) };
      const { image } = await altering.encode(sample, view);
      const { labels: cells, ltrb } = altering.target(sample, view);
      const own = cells!.findIndex((label) => label === 0);
      if (own < 0) continue; // moved out of the picture
      const [left, top, right, bottom] = Array.from(ltrb!.subarray(4 * own, 4 * own + 4)).map(
        (value) => value * stride[own]!,
      );
      const xyxy = [x[own]! - left!, y[own]! - top!, x[own]! + right!, y[own]! + bottom!];
      boxes.add(xyxy.join());
      for (let row = 0; row < SIDE; row++) {
        for (let column = 0; column < SIDE; column++) {
          const [across, down] = [column + 0.5, row + 0.5];
          const inside = Math.min(across - xyxy[0]!, down - xyxy[1]!, xyxy[2]! - across, xyxy[3]! - down);
          if (Math.abs(inside) < 1.5) continue; // blended with the background
          const at = 3 * (row * SIDE + column);
          const isGreen = image![at + 1]! * 2 + 2 > 200 && image![at + 2]! * 4 + 3 < 50;
          expect(isGreen, `view ${seed}, row ${row}, column ${column}`).toBe(inside > 0);
        }
      }
    }
    expect(boxes.size).toBeGreaterThan(3);
  });

  it('refuses a source that is not a detector', () => {
    const classifier = {
      ...backbone,
      input: { ...backbone.input, preprocessing: { height: SIDE, width: SIDE, channels: 3 } },
    };
    expect(() => task.encoder({ backbone: classifier, labels, augmentation: 'none' })).toThrow(
      expect.objectContaining({ code: 'not-supported' }),
    );
  });
});

/** What a page says, without its marks. */
function textOf(page: string): string {
  return page
    .slice(page.indexOf('<body'))
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('the task', () => {
  it('reports boxes in pixels of the picture, once each, the surest first', async () => {
    const outputs = outputsOf([
      { xyxy: [40, 26, 56, 46], label: 0, logit: 1 },
      { xyxy: [10, 21, 30, 36], label: 1, logit: 2 },
      { xyxy: [11, 21, 30, 36], label: 1, logit: 1.5 }, // the same dog
      { xyxy: [11, 21, 30, 36], label: 0, logit: 0 }, // a cat there, too
      { xyxy: [40, 20, 80, 60], label: 1, logit: -1 }, // below the threshold
    ]);
    const [prediction] = await task.decode(outputs, labels, { samples: [picture], encoder });
    expect(prediction).toMatchObject({ width: 128, height: 64 });
    expect(prediction!.objects.map(({ label, box }) => [label, ...box])).toEqual([
      ['dog', 20, 10, 40, 30],
      ['cat', 80, 20, 32, 40],
      ['cat', 22, 10, 38, 30],
    ]);
    expect(prediction!.objects[0]!.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(task.describe(prediction!)).toBe(
      '3 objects: dog 88.1% at 20,10 40x30; cat 73.1% at 80,20 32x40; cat 50.0% at 22,10 38x30',
    );
    dispose(outputs);
  });

  it('reports the boxes that its options ask for', async () => {
    const [better, worse, faint] = [
      { xyxy: [10, 21, 30, 36], label: 1, logit: 2 },
      { xyxy: [11, 21, 30, 36], label: 1, logit: 1.5 },
      { xyxy: [40, 20, 60, 40], label: 0, logit: -1 },
    ];
    const outputs = outputsOf([better, worse, faint]);
    const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
    const scores = async (options: string) =>
      (await task.withOptions!(options).decode(outputs, labels, { samples: [picture], encoder }))[0]!.objects.map(
        ({ score }) => score,
      );
    expect(await scores('threshold=0.2')).toEqual(
      [sigmoid(2), sigmoid(-1)].map((score) => expect.closeTo(score, 6) as number),
    );
    expect(await scores('threshold=0.9')).toEqual([]);
    // The two dogs share 19 of 20 columns: IoU 0.95.
    expect(await scores('iou=0.96')).toHaveLength(2);
    expect(await scores('iou=0.94')).toHaveLength(1);
    const softened = sigmoid(1.5) * Math.exp(-(0.95 ** 2) / 0.5);
    expect(await scores('suppression=soft,threshold=0.1')).toEqual(
      [sigmoid(2), sigmoid(-1), softened].map((score) => expect.closeTo(score, 6) as number),
    );
    expect(await scores('suppression=soft')).toHaveLength(1); // 0.13 is below the usual threshold
    dispose(outputs);
  });

  it('counts confusions of what a prediction reports, and AP of lower scores, too', async () => {
    const targets = Object.fromEntries(
      Object.entries(encoder.target(picture, { kind: 'plain' })).map(([name, values]) => [
        name,
        tensor(values, [1, ...encoder.targets[name]!.shape]),
      ]),
    );
    const outputs = outputsOf([
      { xyxy: [40, 26, 56, 46], label: 0, logit: 1 },
      { xyxy: [10, 21, 30, 36], label: 1, logit: 2 },
    ]);
    const report = async (options: string) => {
      const evaluator = task.withOptions!(options).evaluator(labels);
      await evaluator.add(outputs, targets);
      return evaluator.report();
    };
    const [usual, strict] = [await report('threshold=0.3'), await report('threshold=0.8')];
    expect([usual.values['AP'], strict.values['AP']]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
    expect(usual.details!['confusionMatrix']).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    expect(strict.details!['confusionMatrix']).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [0, 0, 0],
    ]); // the cat, at 0.73, is missed
    dispose([targets, outputs]);
  });

  it('scores a perfect detector with 1 and a blind one with 0', async () => {
    const targets = Object.fromEntries(
      Object.entries(encoder.target(picture, { kind: 'plain' })).map(([name, values]) => [
        name,
        tensor(values, [1, ...encoder.targets[name]!.shape]),
      ]),
    );
    const perfect = outputsOf([
      { xyxy: [40, 26, 56, 46], label: 0, logit: 1 },
      { xyxy: [10, 21, 30, 36], label: 1, logit: 2 },
    ]);
    const blind = outputsOf([]);
    for (const [outputs, AP] of [
      [perfect, 1],
      [blind, 0],
    ] as const) {
      const evaluator = task.evaluator(labels);
      await evaluator.add(outputs, targets);
      const { values } = evaluator.report();
      for (const name of ['AP', 'AP50', 'AR100']) expect(values[name], name).toBeCloseTo(AP, 12);
      expect(values).not.toHaveProperty('APlarge'); // there is no object of that size
    }
    dispose([targets, perfect, blind]);
  });

  it('gives metrics of other plugins what was there and what was found', async () => {
    const targets = Object.fromEntries(
      Object.entries(encoder.target(picture, { kind: 'plain' })).map(([name, values]) => [
        name,
        tensor(values, [1, ...encoder.targets[name]!.shape]),
      ]),
    );
    const outputs = outputsOf([{ xyxy: [40, 26, 56, 46], label: 1, logit: 1 }]);
    // A third party's: the share of objects that some box of any class overlaps by half at least.
    const covered: Metric<'detections'> = {
      id: 'covered',
      kind: 'detections',
      description: 'Objects that any box covers',
      compute({ pictures }) {
        const all = pictures.flatMap(({ objects, detections }) =>
          objects.map(({ box }) => detections.some((detection) => iou(box, detection.box) >= 0.5)),
        );
        return all.filter(Boolean).length / all.length;
      },
    };
    const evaluator = task.evaluator(labels);
    await evaluator.add(outputs, targets);
    const { kind, evidence } = evaluator.evidence!();
    expect(kind).toBe('detections');
    const { pictures, labels: named } = evidence as DetectionEvidence;
    expect(named).toEqual(labels);
    expect(pictures[0]!.objects.map(({ label }) => labels[label])).toEqual(['dog', 'cat']);
    expect(pictures[0]!.detections).toEqual([
      { box: pictures[0]!.objects[1]!.box, label: 1, score: expect.closeTo(1 / (1 + Math.exp(-1)), 6) as number },
    ]);
    expect(covered.compute(evidence as DetectionEvidence)).toBe(0.5);
    dispose([targets, outputs]);
  });

  it('reports where it fails: by class, by what was taken for what, and with the pictures where it is given them', async () => {
    const targets = Object.fromEntries(
      Object.entries(encoder.target(picture, { kind: 'plain' })).map(([name, values]) => [
        name,
        tensor(values, [1, ...encoder.targets[name]!.shape]),
      ]),
    );
    // The cat is taken for a dog, the dog is missed.
    const outputs = outputsOf([{ xyxy: [40, 26, 56, 46], label: 1, logit: 1 }]);
    const evaluator = task.evaluator(labels);
    await evaluator.add(outputs, targets, { samples: [picture], encoder: encoder });
    const { details } = evaluator.report();
    expect(details).toEqual({
      perClass: [
        { label: 'cat', objects: 1, AP: 0, AP50: 0, AP75: 0 },
        { label: 'dog', objects: 1, AP: 0, AP50: 0, AP75: 0 },
      ],
      confusionMatrix: [
        [0, 1, 0],
        [0, 0, 1],
        [0, 0, 0],
      ],
      confusionLabels: ['cat', 'dog', 'background'],
    });
    const report = await evaluator.pages!.report!('a model');
    expect(report).toContain('<title>a model</title>');
    expect(textOf(report)).toContain('cat 1 0.000');
    const mistakes = await evaluator.pages!.mistakes!('a model');
    expect(textOf(mistakes)).toContain('1 picture, 2 mistakes');
    expect(textOf(mistakes)).toMatch(/Classification 1 .*dog 0\.73 for cat IoU 1\.00 · wide.*Missed 1 /);
    dispose([targets, outputs]);
    expect(task.evaluator(['fox']).report().details!['perClass']).toEqual([{ label: 'fox', objects: 0 }]);
  });

  it('has a loss that falls where the head takes steps down its gradient, and leaks nothing', () => {
    const before = memory().numTensors;
    const head = task.buildHead(backbone, labels, new RandomStream('test'));
    const inputs = Object.fromEntries(
      backbone.features.map(({ tensor: name, shape }) => [
        name,
        tensor(
          new Float32Array(shape.reduce((a, b) => a * b)).map((_, i) => Math.sin(7 * i)),
          [1, ...shape],
        ),
      ]),
    );
    const targets = Object.fromEntries(
      Object.entries(encoder.target(picture, { kind: 'plain' })).map(([name, values]) => [
        name,
        tensor(values, [1, ...encoder.targets[name]!.shape], encoder.targets[name]!.dtype),
      ]),
    );
    const step = () =>
      tidy(() => {
        const { value, grads } = variableGrads(() =>
          adaptive.loss(head.forward(inputs, { training: true }), targets, { labelSmoothing: 0 }),
        );
        for (const { value: weight } of head.variables) weight.assign(weight.sub(grads[weight.name]!.mul(0.5)));
        return value.dataSync()[0]!;
      });
    const losses = Array.from({ length: 10 }, step);
    for (const [i, loss] of losses.slice(1).entries()) expect(loss, `step ${i + 2}`).toBeLessThan(losses[i]!);
    dispose([inputs, targets]);
    head.variables.forEach(({ value }) => value.dispose());
    expect(memory().numTensors).toBe(before);
  });

  it('takes over the boxes and the classes that the source knows by name', () => {
    const published = zeros([1, 1, 4, 3 + 44])
      .add(tensor([1, 2, 3, ...new Array<number>(44).fill(4)]))
      .variable(true);
    const bias = tensor([5, 6, 7, ...new Array<number>(44).fill(8)]).variable(true);
    const variables = [published, bias, published, bias, published, bias].map((value, i) => ({
      name: String(i),
      value,
      role: 'weight' as const,
      decay: true,
    }));
    const sourceHead = {
      labels: ['bird', 'Cat', 'hot dog'],
      stage: { name: 'predictor', variables, forward: () => ({}), initialise() {} },
    };
    const head = task.buildHead({ ...backbone, sourceHead }, ['dog', 'cat', 'hot_dog'], new RandomStream('test'));
    const value = (name: string) =>
      Array.from(head.variables.find((variable) => variable.name === name)!.value.dataSync());
    expect(value('classes/8/kernel').filter((_, i) => i % 3 > 0)).toEqual([2, 3, 2, 3, 2, 3, 2, 3]);
    expect(value('classes/16/bias').map((each) => Math.round(each * 100) / 100)).toEqual([-4.6, 6, 7]); // the dog is new
    expect(value('distances/32/kernel').every((each) => each === 4)).toBe(true);
    expect(value('distances/32/bias').every((each) => each === 8)).toBe(true);
    head.variables.forEach((variable) => variable.value.dispose());
    published.dispose();
    bias.dispose();
  });
});

describe('options after the task', () => {
  const data = (count: number): TargetData<DetectionSample> => ({
    id: 'set',
    modality: 'image',
    reader: 'r',
    labels,
    skipped: [],
    samples: [
      { sample: picture },
      { sample: { ...picture, objects: Array.from({ length: count }, () => picture.objects[0]!) } },
    ],
  });
  const names = (of: typeof task) => Object.keys(of.encoder({ backbone, labels, augmentation: 'none' }).targets).sort();

  it('choose the assignment, and are its name', () => {
    const [usual, other] = [
      ['cells', 'frame', 'objects', 'truth'],
      ['frame', 'labels', 'ltrb', 'truth'],
    ];
    expect(names(task)).toEqual(usual);
    expect(names(task.withOptions!('overlap=ciou'))).toEqual(usual);
    const chosen = task.withOptions!('assignment=adaptive,overlap=ciou');
    expect([chosen.id, names(chosen)]).toEqual(['object-detection:assignment=adaptive,overlap=ciou', other]);
  });

  it('are added to those that the task has, the later ones first', () => {
    expect(task.withOptions!('threshold=0.5,overlap=ciou').withOptions!('threshold=0.25').id).toBe(
      'object-detection:overlap=ciou,threshold=0.25',
    );
    expect(heatMapDetection().withOptions!('iou=0.5').withOptions!('suppression=soft').id).toBe(
      'heat-map-detection:suppression=soft,iou=0.5',
    );
  });

  it('are taken for pictures of more objects than the usual assignment holds, where none is asked for', () => {
    expect(task.variant!(data(64))).toBe('object-detection');
    expect(task.variant!(data(65))).toBe('object-detection:assignment=adaptive');
    expect(task.withOptions!('overlap=ciou').variant!(data(64))).toBe('object-detection:overlap=ciou');
    expect(task.withOptions!('overlap=ciou').variant!(data(65))).toBe(
      'object-detection:assignment=adaptive,overlap=ciou',
    );
    expect(task.withOptions!('assignment=sim-ota').variant!(data(65))).toBe('object-detection:assignment=sim-ota');
  });

  it.each([
    ['assignment=tal', 'assignment=tal: Invalid option: expected one of "adaptive"|"task-aligned"|"sim-ota"'],
    ['overlap=iou', 'expected one of "giou"|"ciou"'],
    ['', '"" is not an option with its value'],
    ['assignments=adaptive', 'Unrecognized key: "assignments"'],
    ['threshold=1', 'threshold=1: Too big'],
    ['threshold=half', 'threshold=half: Invalid input'],
    ['suppression=linear', 'expected one of "hard"|"soft"'],
    ['iou=-0.1', 'iou=-0.1: Too small'],
  ])('are refused: %s', (text, message) =>
    expect(() => task.withOptions!(text)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining(message) as string }),
    ),
  );

  it('of heat maps choose no assignment', () => {
    expect(() => heatMapDetection().withOptions!('assignment=adaptive')).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });
});

describe('checking data', () => {
  const data = (samples: ReadSample<DetectionSample>[]): TargetData<DetectionSample> => ({
    id: 'set',
    modality: 'image',
    reader: 'r',
    labels,
    samples,
    skipped: [],
  });
  const failure = (samples: ReadSample<DetectionSample>[]) => {
    try {
      task.check(data(samples));
    } catch (error) {
      if (HeadstartError.is(error)) return error;
    }
    return undefined;
  };
  it.each([
    ['no picture', () => [], 'target-empty', 'no picture'],
    ['no box', () => [{ sample: { ...picture, objects: [] } }], 'target-empty', 'no box'],
    [
      'a class without an object',
      () => [{ sample: { ...picture, objects: picture.objects.slice(0, 1) } }],
      'target-too-small',
      '"cat"',
    ],
    [
      'a class that is only tested',
      () => [
        { sample: picture, split: 'test' as const },
        { sample: { ...picture, objects: picture.objects.slice(1) }, split: 'train' as const },
      ],
      'target-too-small',
      'in the train split',
    ],
    [
      'too many objects',
      () => [{ sample: { ...picture, objects: new Array(301).fill(picture.objects[0]!) } }],
      'not-supported',
      '301',
    ],
  ])('refuses a set with %s', (_what, samples, code, message) => {
    expect(failure(samples() as never)).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });
  it('takes pictures without objects beside others', () => {
    expect(failure([{ sample: picture }, { sample: { ...picture, objects: [] } }])).toBeUndefined();
  });
});
