import { expandDims, matMul, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone, FeatureInfo } from './backbone.ts';
import { assignConstant, assignValues, modelVariable, scaleValues, shiftValues } from './layer.ts';
import type { ModelVariable } from './stage.ts';
import type { Tensors } from './tensors.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { placesOf } from './class-names.ts';
import { headFeature, pooledFeature } from './head-feature.ts';
import { inheritHead } from './inherit-head.ts';
import type { Head, StackableHead } from './head.ts';

/** Below this share of the feature's own size a spread is rounding error, and the feature a constant. */
const CONSTANT = 1e-6;
const KERNEL_STANDARD_DEVIATION = 0.01;

/** How a linear head treats its features. */
export interface LinearHeadOptions {
  /**
   * Whether features are scaled each by its own standard deviation, or all by one (the root mean square of
   * theirs), which keeps what an embedding says by some of its numbers being larger than others.
   */
  readonly spread?: 'own' | 'shared';
}

/**
 * A linear classifier on the backbone's last feature: a vector, or a map that is averaged over its
 * cells. `logits = ((x - mean) / deviation) · kernel + bias`, `[batch, classes]`.
 *
 * The variables `mean` and `deviation` (the standard deviation) standardise the features once they are fitted to the
 * training split and are 0 and 1 before. The kernel starts small and random (standard deviation 0.01), the bias at zero.
 *
 * On a source with a head of this kind, such as a trained classifier's, classes of the same name start as that one has
 * them, with its standardisation, which then stays.
 */
export class LinearHead implements Head {
  readonly name = 'head';
  readonly variables: readonly ModelVariable[];
  readonly stackable: StackableHead = {
    prepare: (inputs) => this.#standardised(inputs),
    forward: (prepared, { kernel, bias }) => ({
      logits: matMul<Tensor>(prepared, kernel!).add(expandDims(bias!, -2)),
    }),
  };
  readonly #feature: FeatureInfo;
  readonly #channels: number;
  readonly #inherits: boolean;

  /**
   * @param classes their names, or how many there are where nobody names them
   * @throws HeadstartError `not-supported` for a backbone whose last feature is neither vector nor map
   */
  constructor(
    backbone: Backbone,
    classes: number | readonly string[],
    random: RandomStream,
    private readonly options: LinearHeadOptions = {},
  ) {
    this.#feature = headFeature(backbone);
    this.#channels = this.#feature.shape.at(-1)!;
    const count = typeof classes === 'number' ? classes : classes.length;
    this.variables = [
      modelVariable('mean', [this.#channels], { role: 'statistic', decay: false }),
      modelVariable('deviation', [this.#channels], { role: 'statistic', decay: false }),
      modelVariable('kernel', [this.#channels, count], { role: 'weight', decay: true }),
      modelVariable('bias', [count], { role: 'weight', decay: false }),
    ];
    this.initialise(random);
    this.#inherits = typeof classes !== 'number' && this.#inherit(backbone, classes);
  }

  /** Whether there are classes that the source's head knows. */
  #inherit({ sourceHead }: Backbone, labels: readonly string[]): boolean {
    if (placesOf(labels, sourceHead?.labels ?? []).every((place) => place < 0)) return false;
    return inheritHead(sourceHead, this.variables, new Set(this.variables.slice(2)), labels);
  }

  forward(inputs: Tensors): Tensors {
    const [, , kernel, bias] = this.variables.map(({ value }) => value);
    return { logits: matMul(this.#standardised(inputs), kernel as Tensor as Tensor2D).add(bias!) };
  }

  #standardised(inputs: Tensors): Tensor2D {
    const [centre, standardDeviation] = this.variables.map(({ value }) => value);
    return pooledFeature(this.#feature, inputs).sub(centre!).div<Tensor2D>(standardDeviation!);
  }

  scaleLogits(factor: number): void {
    const [, , kernel, bias] = this.variables;
    for (const variable of [kernel!, bias!]) scaleValues(variable, factor);
  }

  shiftLogits(shifts: readonly number[]): void {
    shiftValues(this.variables[3]!, shifts);
  }

  initialise(random: RandomStream): void {
    const [centre, standardDeviation, kernel, bias] = this.variables;
    assignConstant(centre!, 0);
    assignConstant(standardDeviation!, 1);
    assignValues(
      kernel!,
      Float32Array.from({ length: kernel!.value.size }, () => KERNEL_STANDARD_DEVIATION * random.normal()),
    );
    assignConstant(bias!, 0);
  }

  /**
   * Sets the standardisation. A feature without spread is only centred: its standard deviation is taken as 1.
   * Statistics of other features than the head's own are none of its business; classes that are inherited keep theirs.
   */
  fit(feature: string, statistics: { mean: Float32Array; standardDeviation: Float32Array }): void {
    if (this.#inherits || (feature !== this.#feature.name && feature !== this.#feature.tensor)) return;
    if (statistics.mean.length !== this.#channels || statistics.standardDeviation.length !== this.#channels) {
      throw new HeadstartError({
        code: 'internal',
        message: `The head takes ${this.#channels} features and got statistics of ${statistics.mean.length}.`,
        hint: 'Fit a head to one mean and one standard deviation per channel.',
      });
    }
    const spread =
      this.options.spread === 'shared' ? shared(statistics.standardDeviation) : statistics.standardDeviation;
    const standardDeviation = spread.map((value, i) => {
      return value > CONSTANT * Math.max(1, Math.abs(statistics.mean[i]!)) ? value : 1;
    });
    assignValues(this.variables[0]!, statistics.mean);
    assignValues(this.variables[1]!, standardDeviation);
  }
}

function shared(standardDeviations: Float32Array): Float32Array {
  const squares = standardDeviations.reduce((sum, value) => sum + value * value, 0);
  return new Float32Array(standardDeviations.length).fill(Math.sqrt(squares / standardDeviations.length));
}
