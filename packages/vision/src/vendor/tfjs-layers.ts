// What tfjs: models need of TensorFlow.js's layers, typed without their declarations: the published file holds their
// JavaScript itself, see tools/workspace/vendored.ts.
import type { io, Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel as load } from '@tensorflow/tfjs-layers';

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
}

interface LayerCall {
  readonly outboundLayer: Layer;
  readonly inputTensors: readonly SymbolicTensor[];
  readonly outputTensors: readonly SymbolicTensor[];
}

/** @throws Error where the files are no layers model, or have layers that TensorFlow.js does not know */
export const loadLayersModel: (handler: io.IOHandler) => Promise<LayersModel> = load;
