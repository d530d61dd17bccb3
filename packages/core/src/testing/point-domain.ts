import { createHash } from 'node:crypto';
import { add, log, mean, mul, neg, softmax, sum, type Scalar, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { View } from '../data/encoder.ts';
import { inputName, inputText } from '../domains/model-input.ts';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { ReadSample, Sample, TargetData } from '../domains/target-domain.ts';
import { classificationEvaluator } from '../metrics/classification-evaluator.ts';
import { softmaxRows } from '../metrics/softmax-rows.ts';
import { definePlugin } from '../plugins/plugin.ts';
import { RandomStream } from '../random/random-stream.ts';
import { weighedByClass } from '../network/class-weights.ts';
import type { Tensors } from '../network/tensors.ts';
import type { LossOptions, Task } from '../tasks/task.ts';
import { PointHead, pointSource } from './point-net.ts';
import type { SmallDomain } from './trial-transfer.ts';

/*
 * A whole domain that computes in milliseconds: points of the plane in classes, a network of two
 * normalised dense stages, a task with a linear head. What core's own tests run transfers on.
 */

export interface PointSample extends Sample {
  readonly point: readonly [number, number];
}

/** The point that a view of the policy `blend` lies half way to. */
function companionOf(sample: PointSample, view: View<PointSample>): PointSample {
  if (view.kind === 'plain' || !view.others) return sample;
  return view.others.get(view.random.child('companion').int(view.others.length));
}

/** Which class a point belongs to. Altered points are moved a little, or blended with another one. */
export const pointTask: Task<PointSample, string> = {
  id: 'point-classification',
  modality: 'point',
  description: 'The class of a point',
  defaults: { source: 'point-net', strategy: 'linear-probe', augmentation: 'none' },
  augmentations: ['none', 'jitter', 'blend'],
  monitor: { metric: 'accuracy', mode: 'max' },
  check({ id, labels, samples }) {
    if (samples.length === 0)
      throw new HeadstartError({ code: 'target-empty', message: `${id} has no point.`, hint: 'Give some.' });
    if (labels.length > 1) return;
    throw new HeadstartError({ code: 'target-too-small', message: `${id} has one class.`, hint: 'Give two.' });
  },
  encoder: ({ labels, augmentation }) => ({
    key: 'point@1',
    inputs: { point: { shape: [2], dtype: 'float32' } },
    targets: { label: { shape: [labels.length], dtype: 'float32' } },
    async encode(sample, view) {
      const [x, y] = sample.point;
      if (view.kind === 'plain' || augmentation === 'none') return { point: Float32Array.of(x, y) };
      if (augmentation === 'jitter')
        return { point: Float32Array.of(x + 0.1 * view.random.normal(), y + 0.1 * view.random.normal()) };
      const other = companionOf(sample, view).point;
      return { point: Float32Array.of((x + other[0]) / 2, (y + other[1]) / 2) };
    },
    target(sample, view) {
      const share = (label: number | undefined, i: number) => (i === label ? 0.5 : 0);
      const other = augmentation === 'blend' ? companionOf(sample, view) : sample;
      return {
        label: Float32Array.from({ length: labels.length }, (_, i) => share(sample.label, i) + share(other.label, i)),
      };
    },
    ...(augmentation === 'blend' && {
      combining: (others) =>
        createHash('sha256')
          .update(Array.from({ length: others.length }, (_, i) => others.get(i).digest).join())
          .digest('hex'),
    }),
  }),
  buildHead: (backbone, labels, random) => new PointHead(backbone, labels.length, random),
  balancedMonitor: { metric: 'balancedAccuracy', mode: 'max' },
  weighsClasses: 'one',
  loss: (outputs, targets, options) => mean<Scalar>(sampleLosses(outputs, targets, options)),
  sampleLosses,
  evaluator: (labels) => classificationEvaluator(labels, { logits: 'logits', truth: 'label' }),
  async decode({ logits }, labels) {
    const rows = softmaxRows(await logits!.data<'float32'>(), labels.length);
    return Array.from({ length: rows.length / labels.length }, (_, i) => {
      const row = rows.subarray(i * labels.length, (i + 1) * labels.length);
      return labels[row.indexOf(Math.max(...row))]!;
    });
  },
  async parseInput(input, name = inputName(input)) {
    const text = await inputText(input, name);
    const point = text.split(',').map(Number);
    if (text.trim() !== '' && point.length === 2 && point.every(Number.isFinite))
      return pointSample(name, point as [number, number]);
    throw new HeadstartError({
      code: 'sample-unreadable',
      message: `${name} is no point: "${text}".`,
      hint: 'Give two numbers with a comma between them, such as 0.5,-1.',
    });
  },
  describe: (prediction) => prediction,
};

function sampleLosses({ logits }: Tensors, { label }: Tensors, { classWeights }: LossOptions): Tensor1D {
  return weighedByClass(crossEntropies(logits!, label!), label!, classWeights);
}

function crossEntropies(logits: Tensor, label: Tensor): Tensor1D {
  return neg(sum<Tensor1D>(mul(label, log(add(softmax(logits), 1e-7))), -1));
}

function pointSample(id: string, point: readonly [number, number], label?: number): PointSample {
  return { id, digest: createHash('sha256').update(point.join()).digest('hex'), point, label };
}

/** Ninety points around three centres, drawn from a fixed seed. */
function points(): TargetData<PointSample> {
  const random = new RandomStream('points');
  const centres = [
    [0, 2],
    [2, -1],
    [-2, -1],
  ] as const;
  const samples = Array.from({ length: 90 }, (_, i): ReadSample<PointSample> => {
    const [x, y] = centres[i % 3]!;
    return { sample: pointSample(`p${i}`, [x + 0.7 * random.normal(), y + 0.7 * random.normal()], i % 3) };
  });
  return { id: 'points', modality: 'point', reader: 'points', labels: ['up', 'right', 'left'], samples, skipped: [] };
}

/** Points around three centres, drawn from a fixed seed. */
export const pointDataset: RegisteredDataset = {
  id: 'points',
  modality: 'point',
  description: 'Points around three centres',
  licence: 'Apache-2.0',
  task: 'point-classification',
  load: async () => points(),
};

/** The domain's parts, for checks of what fits any domain: a network of two dense stages, and points of three classes. */
export function pointDomain(): SmallDomain {
  return { source: pointSource, task: pointTask, target: points() };
}

/** The domain as a plugin. */
export const pointPlugin = definePlugin({
  name: 'points',
  version: '1.0.0',
  headstart: '^0.1',
  setup(context) {
    context.sources.add(pointSource);
    context.tasks.add(pointTask);
    context.datasets.add(pointDataset);
  },
});
