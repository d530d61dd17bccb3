import {
  add,
  div,
  expandDims,
  matMul,
  mul,
  relu,
  reshape,
  rsqrt,
  sub,
  tensor,
  tidy,
  variable,
  type Tensor,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { SourceDomain } from '../domains/source-domain.ts';
import type { Backbone, FeatureInfo } from '../network/backbone.ts';
import { batchNormTrain } from '../network/batch-norm.ts';
import type { Head, StackableHead } from '../network/head.ts';
import { headFeature, pooledFeature } from '../network/head-feature.ts';
import { scaleValues, shiftValues } from '../network/layer.ts';
import { usesBatchStatistics, type ForwardMode, type ModelVariable, type Stage } from '../network/stage.ts';
import { RandomStream } from '../random/random-stream.ts';

const WIDTH = 8;

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
      { ...weight('gamma', new Float32Array(WIDTH).fill(1), [WIDTH], false), batchNorm: true },
      { ...weight('beta', new Float32Array(WIDTH), [WIDTH], false), batchNorm: true },
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

/** A linear classifier of the network's last vector, less its mean, over its standard deviation. */
export class PointHead implements Head {
  readonly name = 'head';
  readonly variables: readonly ModelVariable[];
  readonly stackable: StackableHead = {
    prepare: (inputs) => this.#normalised(inputs),
    forward: (prepared, { kernel, bias }) => ({
      logits: add(matMul<Tensor>(prepared, kernel!), expandDims(bias!, -2)),
    }),
  };
  readonly #feature: FeatureInfo;
  readonly #width: number;

  constructor(
    backbone: Backbone,
    private readonly classes: number,
    random: RandomStream,
  ) {
    this.#feature = headFeature(backbone);
    this.#width = this.#feature.shape.at(-1)!;
    this.variables = [
      weight('kernel', new Float32Array(this.#width * classes), [this.#width, classes], true),
      weight('bias', new Float32Array(classes), [classes], false),
      {
        name: 'mean',
        value: fresh(new Float32Array(this.#width), [this.#width], false),
        role: 'statistic',
        decay: false,
      },
      {
        name: 'deviation',
        value: fresh(new Float32Array(this.#width).fill(1), [this.#width], false),
        role: 'statistic',
        decay: false,
      },
    ];
    this.initialise(random);
  }

  scaleLogits(factor: number): void {
    for (const variable of this.variables.slice(0, 2)) scaleValues(variable, factor);
  }

  shiftLogits(shifts: readonly number[]): void {
    shiftValues(this.variables[1]!, shifts);
  }

  initialise(random: RandomStream): void {
    const values = Float32Array.from({ length: this.#width * this.classes }, () => 0.1 * random.normal());
    tidy(() => this.variables[0]!.value.assign(tensor(values, [this.#width, this.classes])));
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

  forward(inputs: Readonly<Record<string, Tensor>>) {
    const [kernel, bias] = this.variables.map(({ value }) => value) as [Variable, Variable];
    return { logits: add(matMul(this.#normalised(inputs), kernel as never as Tensor2D), bias) };
  }

  #normalised(inputs: Readonly<Record<string, Tensor>>): Tensor2D {
    const [, , average, standardDeviation] = this.variables.map(({ value }) => value);
    return div<Tensor2D>(sub(pooledFeature(this.#feature, inputs), average!), standardDeviation!);
  }
}
