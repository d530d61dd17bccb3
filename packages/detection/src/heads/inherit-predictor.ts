import { concat, gather, split, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { canonicalLabel } from '@headstart/core/readers';
import type { ModelVariable, SourceHead } from '@headstart/core/network';
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
        takeOver(ofClasses, sourceClasses, places);
      });
    }
  });
}

/**
 * Puts the weights of a head of the same kind, such as that of a model trained before, into a head's variables, by
 * name: all as they are, but of the classes those of the same name. Does nothing for a source with a head of
 * another kind, whose variables have other names or shapes.
 *
 * @param classes the variables whose last axis is the classes
 */
export function inheritHead(
  sourceHead: SourceHead | undefined,
  variables: readonly ModelVariable[],
  classes: ReadonlySet<ModelVariable>,
  labels: readonly string[],
): void {
  const given = new Map(sourceHead?.stage.variables.map((variable) => [variable.name, variable.value]));
  const known = sourceHead?.labels;
  if (!known || given.size !== variables.length) return;
  const fits = variables.every((variable) => {
    const shape = classes.has(variable) ? [...variable.value.shape.slice(0, -1), known.length] : variable.value.shape;
    return given.get(variable.name)?.shape.join() === shape.join();
  });
  if (!fits) return;
  const places = placesOf(labels, known);
  tidy(() => {
    for (const variable of variables) {
      const source = given.get(variable.name) as Tensor;
      if (classes.has(variable)) takeOver(variable, source, places);
      else variable.value.assign(source);
    }
  });
}

/** The source's class of the same name for each label, -1 where it has none. */
function placesOf(labels: readonly string[], known: readonly string[]): number[] {
  const names = known.map(canonicalLabel);
  return labels.map((label) => names.indexOf(canonicalLabel(label)));
}

/** Puts the source's weights of class `places[i]` in place of class i on the last axis; where that is -1, what is there stays. */
function takeOver({ value }: ModelVariable, source: Tensor, places: readonly number[]): void {
  const axis = value.rank - 1;
  const own = split(value as Tensor, places.length, axis);
  value.assign(
    concat(
      places.map((place, i) => (place < 0 ? own[i]! : gather(source, [place], axis))),
      axis,
    ),
  );
}
