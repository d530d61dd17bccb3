import { split, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { inheritClasses, placesOf, type SourceHead } from '@headstart/core/network';
import type { Predictor } from './dense-head.ts';

/**
 * Puts the source's 1x1 convolutions, one per level with classes first and distances after them, into
 * predictors: distances as they are, classes where the source knows one of the same name (case and
 * underscores apart). Does nothing for a source without a head, or with one of another form.
 */
export function inheritPredictor(
  sourceHead: SourceHead | undefined,
  predictors: readonly Predictor[],
  labels: readonly string[],
): void {
  const variables = sourceHead?.stage.variables ?? [];
  const known = sourceHead?.labels;
  if (!known || variables.length !== 2 * predictors.length) return;
  const places = placesOf(labels, known);
  predictors.forEach(({ classes, distances }, level) => {
    for (const [part, from] of variables.slice(2 * level, 2 * level + 2).entries()) {
      const [ofClasses, ofDistances] = [classes.variables[part]!, distances.variables[part]!];
      tidy(() => {
        const axis = from.value.rank - 1;
        const sizes = [known.length, ofDistances.value.shape.at(-1)!];
        if (from.value.shape.at(-1) !== sizes[0]! + sizes[1]!) return;
        const [sourceClasses, sourceDistances] = split(from.value as Tensor, sizes, axis) as [Tensor, Tensor];
        ofDistances.value.assign(sourceDistances);
        inheritClasses(ofClasses, sourceClasses, places);
      });
    }
  });
}
