import { concat, gather, split, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { ModelVariable, SourceHead } from '@headstart/core';
import type { Predictor } from './dense-head.ts';

/**
 * Puts the source's 1x1 convolutions, one a level with classes first and distances after them, into
 * predictors: distances as they are, classes where the source knows one of the same name (case and
 * underscores apart). Does nothing for a source without a head, or with one of another form.
 */
export function inheritPredictor(sourceHead: SourceHead | undefined, predictors: readonly Predictor[], labels: readonly string[]): void {
  const variables = sourceHead?.stage.variables ?? [];
  const known = sourceHead?.labels;
  if (!known || variables.length !== 2 * predictors.length) return;
  const names = known.map(canonical);
  const places = labels.map((label) => names.indexOf(canonical(label)));
  predictors.forEach(({ classes, distances }, level) => {
    for (const [part, from] of [['kernel', variables[2 * level]!], ['bias', variables[2 * level + 1]!]] as const) {
      tidy(() => {
        const axis = from.value.rank - 1;
        const sizes = [known.length, distances[part].value.shape.at(-1)!];
        if (from.value.shape.at(-1) !== sizes[0]! + sizes[1]!) return;
        const [sourceClasses, sourceDistances] = split(from.value as Tensor, sizes, axis) as [Tensor, Tensor];
        distances[part].value.assign(sourceDistances);
        takeOver(classes[part], sourceClasses, places, axis);
      });
    }
  });
}

/** Puts the source's weights of class `places[i]` in place of class i; where that is -1, what is there stays. */
function takeOver({ value }: ModelVariable, source: Tensor, places: readonly number[], axis: number): void {
  const own = split(value as Tensor, places.length, axis);
  value.assign(concat(places.map((place, i) => (place < 0 ? own[i]! : gather(source, [place], axis))), axis));
}

function canonical(label: string): string {
  return label.toLowerCase().replaceAll(/[\s_-]+/g, ' ').trim();
}
