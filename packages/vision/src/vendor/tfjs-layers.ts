// What tfjs: models need of TensorFlow.js's layers, typed without their declarations: the published file holds their
// JavaScript itself, see tools/workspace/vendored.ts.
import type { io, Tensor } from '@tensorflow/tfjs-core';
import { layers, loadLayersModel as load } from '@tensorflow/tfjs-layers';

/** A tensor's place in a model. */
export interface SymbolicTensor {
  readonly id: number;
  /** Null where it is open, as the batch is. */
  readonly shape: readonly (number | null)[];
}

/** A weight of a layer, under the name that it has in the file. */
export interface LayerVariable {
  readonly id: number;
  readonly originalName: string;
}

export interface Layer {
  readonly id: number;
  readonly name: string;
  readonly weights: readonly LayerVariable[];
  readonly nonTrainableWeights: readonly LayerVariable[];
  trainable: boolean;
  getClassName(): string;
  getConfig(): object;
  apply(inputs: Tensor | Tensor[], options: { training: boolean }): unknown;
}

/** A model of Keras 2. */
export interface LayersModel extends Layer {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Calls of layers, the outputs' at depth 0. */
  readonly nodesByDepth: Readonly<Record<string, readonly LayerCall[]>>;
  /** A sequential model is a graph of layers once this was called. */
  build(): void;
}

interface LayerCall {
  readonly outboundLayer: Layer;
  readonly inputTensors: readonly SymbolicTensor[];
  readonly outputTensors: readonly SymbolicTensor[];
}

/** What makes a layer's weight: the library asks it for each, before any value is there. */
type AddWeight = (name: string, shape: readonly (number | null)[], ...more: unknown[]) => unknown;

/** Models are built one after another: how many elements the weights of the one that is built may still have. */
let left = Infinity;
let building: Promise<unknown> = Promise.resolve();

const prototype = layers.Layer.prototype as unknown as { addWeight: AddWeight };
const { addWeight } = prototype;
prototype.addWeight = function (this: unknown, name, shape, ...more) {
  left -= shape.reduce((product: number, size) => product * (size ?? 1), 1);
  if (left < 0) throw new Error(`its layers have more weights than there are values for, from ${name} on`);
  return addWeight.call(this, name, shape, ...more);
};

/**
 * @param elements the most elements that all weights together may have
 * @throws Error where the files are no layers model, or have layers that TensorFlow.js does not know
 */
export function loadLayersModel(artifacts: io.ModelArtifacts, elements: number): Promise<LayersModel> {
  const turn = building.then(async () => {
    left = elements;
    try {
      return (await load({ load: () => Promise.resolve(artifacts) })) as unknown as LayersModel;
    } finally {
      left = Infinity;
    }
  });
  building = turn.catch(() => {});
  return turn;
}
