import { concat, gather, split, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { SourceHead } from './backbone.ts';
import { placesOf } from './class-names.ts';
import type { ModelVariable } from './stage.ts';

/**
 * Puts the weights of a head of the same kind, such as that of a model trained before, into a head's variables, by
 * name: all as they are, but of the classes those of the same name (case, spaces, hyphens and underscores apart). Does
 * nothing for a source with a head of another kind, whose variables have other names or shapes.
 *
 * @param classes the variables whose last axis is the classes
 * @returns whether the source's head is of the same kind
 */
export function inheritHead(
  sourceHead: SourceHead | undefined,
  variables: readonly ModelVariable[],
  classes: ReadonlySet<ModelVariable>,
  labels: readonly string[],
): boolean {
  const given = new Map(sourceHead?.stage.variables.map((variable) => [variable.name, variable.value]));
  const known = sourceHead?.labels;
  if (!known || given.size !== variables.length) return false;
  const fits = variables.every((variable) => {
    const shape = classes.has(variable) ? [...variable.value.shape.slice(0, -1), known.length] : variable.value.shape;
    return given.get(variable.name)?.shape.join() === shape.join();
  });
  if (!fits) return false;
  const places = placesOf(labels, known);
  tidy(() => {
    for (const variable of variables) {
      const source = given.get(variable.name) as Tensor;
      if (classes.has(variable)) inheritClasses(variable, source, places);
      else variable.value.assign(source);
    }
  });
  return true;
}

/**
 * Puts the source's weights of class `places[i]` in place of class i on the last axis; where that is -1, what is there
 * stays. Call inside `tf.tidy`.
 */
export function inheritClasses({ value }: ModelVariable, source: Tensor, places: readonly number[]): void {
  const axis = value.rank - 1;
  const own = split(value as Tensor, places.length, axis);
  value.assign(
    concat(
      places.map((place, i) => (place < 0 ? own[i]! : gather(source, [place], axis))),
      axis,
    ),
  );
}
