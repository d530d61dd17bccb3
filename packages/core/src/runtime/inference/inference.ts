import type { Tensor } from '@tensorflow/tfjs-core';
import { inputTensors, type EncodedInputs } from '../../data/encode-batch.ts';
import type { TensorSpecs } from '../../network/tensors.ts';
import type { ShapedInference } from '../shaped-inference.ts';

/** Computes what a trained network puts out. */
export interface Inference {
  /** Samples of a step, beyond which steps only take more memory; any number where absent. */
  readonly most?: number;
  /** The network's outputs by name; the caller owns them. */
  run(batch: EncodedInputs): Promise<Record<string, Tensor>>;
  dispose(): void;
}

/** By the backend that everything else is computed on. @param specs of the encoder's inputs */
export function onBackend(network: ShapedInference, specs: TensorSpecs): Inference {
  return {
    run: (batch) => network.run(inputTensors(specs, batch)),
    dispose: () => network.dispose(),
  };
}
