import { tidy } from '@tensorflow/tfjs-core';
import type { Layer } from './layer.ts';
import type { ForwardMode, Stage } from './stage.ts';
import type { Tensors } from './tensors.ts';

/** A stage made of layers; `forward`'s intermediate tensors are disposed. */
export function layerStage(
  name: string,
  layers: readonly Layer[],
  forward: (inputs: Tensors, mode: ForwardMode) => Tensors,
): Stage {
  return {
    name,
    variables: layers.flatMap(({ variables }) => variables),
    forward: (inputs, mode) => tidy(() => forward(inputs, mode) as Record<string, Tensors[string]>),
    initialise: (random) => layers.forEach((layer) => layer.initialise(random)),
  };
}

/** The tensor of that name among a stage's inputs. */
export function stageInput(inputs: Tensors, name: string): Tensors[string] {
  const tensor = inputs[name];
  if (!tensor)
    throw new TypeError(
      `A stage needs the tensor "${name}" and was given ${Object.keys(inputs).join(', ') || 'none'}.`,
    );
  return tensor;
}
