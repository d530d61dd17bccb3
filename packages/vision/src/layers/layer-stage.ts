import { tidy } from '@tensorflow/tfjs-core';
import type { ForwardMode, Stage, Tensors } from '@headstart/core';
import type { Layer } from './layer.ts';

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
export function input(inputs: Tensors, name: string): Tensors[string] {
  const tensor = inputs[name];
  if (!tensor) throw new TypeError(`A stage needs the tensor "${name}" and was given ${Object.keys(inputs).join(', ') || 'none'}.`);
  return tensor;
}
