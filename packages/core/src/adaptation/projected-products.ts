import { div, matMul, mul, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { assignValues, modelVariable, type Layer } from '../network/layer.ts';
import type { ModelVariable } from '../network/stage.ts';
import type { RandomStream } from '../random/random-stream.ts';

/**
 * CDAN's randomised multilinear map (Long et al., 2018, section 3.2): features and probabilities are each projected by a random matrix that
 * does not train, and multiplied number by number: `(f R) (g S) / √width`.
 */
export class ProjectedProducts implements Layer {
  readonly variables: readonly ModelVariable[];

  /** @param width numbers that it gives; 1,024 as in the authors' code */
  constructor(
    features: number,
    classes: number,
    readonly width = 1024,
  ) {
    this.variables = [
      modelVariable('features', [features, width], { role: 'statistic', decay: false }),
      modelVariable('classes', [classes, width], { role: 'statistic', decay: false }),
    ];
  }

  /** @param features `[n, features]` @param probabilities `[n, classes]`; gives `[n, width]` */
  forward(features: Tensor2D, probabilities: Tensor2D): Tensor2D {
    const [ofFeatures, ofClasses] = this.variables.map(({ value }) => value as Tensor as Tensor2D);
    const products = mul<Tensor2D>(matMul(features, ofFeatures!), matMul(probabilities, ofClasses!));
    return div(products, Math.sqrt(this.width));
  }

  initialise(random: RandomStream): void {
    for (const variable of this.variables) {
      const stream = random.child(variable.name);
      assignValues(
        variable,
        Float32Array.from({ length: variable.value.size }, () => stream.normal()),
      );
    }
  }
}
