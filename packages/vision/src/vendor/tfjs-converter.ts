// What tfjs: models need of TensorFlow.js's converter, typed without its declarations: the published file holds its
// JavaScript itself, see tools/workspace/vendored.ts.
import type { io, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel as load } from '@tensorflow/tfjs-converter';

/** A model of TensorFlow's operations, for inference. */
export interface GraphModel {
  /** Runs the graph up to the nodes named. */
  execute(inputs: NamedTensorMap, outputs: string | string[]): Tensor | Tensor[];
  /** Frees its weights. */
  dispose(): void;
}

/** @throws Error where the files are no graph model, or have operations that the converter does not know */
export const loadGraphModel: (handler: io.IOHandler) => Promise<GraphModel> = load;
