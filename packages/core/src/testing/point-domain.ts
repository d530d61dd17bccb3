import {
  add,
  div,
  matMul,
  rsqrt,
  mul,
  relu,
  reshape,
  softmax,
  log,
  sub,
  mean,
  variable,
  tensor,
  neg,
  sum,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import type { SourceDomain } from '../domains/source-domain.ts';
import type { RegisteredDataset } from '../domains/reader.ts';
import { inputName, inputText } from '../domains/model-input.ts';
import type { ReadSample, Sample, TargetData } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { classificationEvaluator } from '../metrics/classification-evaluator.ts';
import { softmaxRows } from '../metrics/softmax-rows.ts';
import { batchNormTrain } from '../network/batch-norm.ts';
import type { Backbone } from '../network/backbone.ts';
import { usesBatchStatistics, type ForwardMode, type ModelVariable, type Stage } from '../network/stage.ts';
import { definePlugin } from '../plugins/plugin.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Head } from '../network/head.ts';
import type { Task } from '../tasks/task.ts';
import type { View } from '../data/encoder.ts';
import type { SmallDomain } from './trial-transfer.ts';

/*
 * A whole domain that computes in milliseconds: points of the plane in classes, a network of two
 * normalised dense stages, a task with a linear head. What core's own tests run transfers on.
 */

const WIDTH = 8;

export interface PointSample extends Sample {
  readonly point: readonly [number, number];
}

function weight(name: string, values: Float32Array, shape: number[], decay: boolean): ModelVariable {
  return { name, value: fresh(values, shape, true), role: 'weight', decay };
}

function fresh(values: Float32Array, shape: number[], trainable: boolean): Variable {
  const initial = tensor(values, shape);
  const made = variable(initial, trainable);
  initial.dispose();
  return made;
}

/** Dense, batch norm, ReLU: `[batch, inputs]` to `[batch, WIDTH]`. */
class DenseStage implements Stage {
  readonly variables: readonly ModelVariable[];

  constructor(
    readonly name: string,
    private readonly inputs: number,
    private readonly input: string,
    private readonly output: string,
  ) {
    this.variables = [
      weight('kernel', new Float32Array(inputs * WIDTH), [inputs, WIDTH], true),
      weight('gamma', new Float32Array(WIDTH).fill(1), [WIDTH], false),
      weight('beta', new Float32Array(WIDTH), [WIDTH], false),
      { name: 'mean', value: fresh(new Float32Array(WIDTH), [WIDTH], false), role: 'statistic', decay: false },
      {
        name: 'variance',
        value: fresh(new Float32Array(WIDTH).fill(1), [WIDTH], false),
        role: 'statistic',
        decay: false,
      },
    ];
  }

  initialise(random: RandomStream): void {
    const scale = Math.sqrt(2 / this.inputs);
    tidy(() => {
      const kernel = this.variables[0]!.value;
      kernel.assign(
        tensor(
          Float32Array.from({ length: kernel.size }, () => scale * random.normal()),
          kernel.shape,
        ),
      );
    });
  }

  forward(tensors: Readonly<Record<string, Tensor>>, mode: ForwardMode) {
    const [kernel, gamma, beta, average, spread] = this.variables.map(({ value }) => value) as [
      Variable,
      Variable,
      Variable,
      Variable,
      Variable,
    ];
    const x = matMul(tensors[this.input] as Tensor2D, kernel as never as Tensor2D);
    if (!usesBatchStatistics(mode)) {
      const scale = mul(gamma, rsqrt(add(spread, 1e-3)));
      return { [this.output]: relu(add(mul(sub(x, average), scale), beta)) };
    }
    const { y, batchMean, batchVariance } = batchNormTrain(reshape(x, [x.shape[0], 1, 1, WIDTH]), gamma, beta, 1e-3);
    average.assign(add(mul(average, 0.9), mul(batchMean, 0.1)));
    spread.assign(add(mul(spread, 0.9), mul(batchVariance, 0.1)));
    return { [this.output]: relu(reshape(y, x.shape)) };
  }
}

/** A source whose published weights are drawn from a fixed seed. */
export const pointSource: SourceDomain = {
  id: 'point-net',
  modality: 'point',
  card: { title: 'Point net', description: 'Two dense stages', trainedOn: 'none', licence: 'Apache-2.0', files: [] },
  async open(_runtime, { weights }): Promise<Backbone> {
    const stages = [new DenseStage('lower', 2, 'point', 'middle'), new DenseStage('upper', WIDTH, 'middle', 'vector')];
    if (weights === 'published')
      for (const stage of stages) stage.initialise(new RandomStream('published').child(stage.name));
    return {
      architecture: 'point-net@1',
      input: { tensors: { point: { shape: [2], dtype: 'float32' } }, preprocessing: {} },
      stages,
      features: [{ name: 'vector', stage: 'upper', tensor: 'vector', shape: [WIDTH], kind: 'vector' }],
      dispose: () => stages.forEach(({ variables }) => variables.forEach(({ value }) => value.dispose())),
    };
  },
};

class LinearHead implements Head {
  readonly name = 'head';
  readonly variables: readonly ModelVariable[];

  constructor(
    private readonly classes: number,
    random: RandomStream,
  ) {
    this.variables = [
      weight('kernel', new Float32Array(WIDTH * classes), [WIDTH, classes], true),
      weight('bias', new Float32Array(classes), [classes], false),
      { name: 'mean', value: fresh(new Float32Array(WIDTH), [WIDTH], false), role: 'statistic', decay: false },
      {
        name: 'deviation',
        value: fresh(new Float32Array(WIDTH).fill(1), [WIDTH], false),
        role: 'statistic',
        decay: false,
      },
    ];
    this.initialise(random);
  }

  initialise(random: RandomStream): void {
    const values = Float32Array.from({ length: WIDTH * this.classes }, () => 0.1 * random.normal());
    tidy(() => this.variables[0]!.value.assign(tensor(values, [WIDTH, this.classes])));
  }

  fit(
    _feature: string,
    { mean: average, standardDeviation }: { mean: Float32Array; standardDeviation: Float32Array },
  ): void {
    tidy(() => {
      this.variables[2]!.value.assign(tensor(average));
      this.variables[3]!.value.assign(tensor(standardDeviation.map((value) => value || 1)));
    });
  }

  forward({ vector }: Readonly<Record<string, Tensor>>) {
    const [kernel, bias, average, standardDeviation] = this.variables.map(({ value }) => value) as [
      Variable,
      Variable,
      Variable,
      Variable,
    ];
    const normal = div<Tensor2D>(sub(vector!, average), standardDeviation);
    return { logits: add(matMul(normal, kernel as never as Tensor2D), bias) };
  }
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
  buildHead: (_backbone, labels, random) => new LinearHead(labels.length, random),
  loss: ({ logits }, { label }) => neg(mean<Scalar>(sum(mul(label!, log(add(softmax(logits!), 1e-7))), -1))),
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
