import { Dense, disposeStages, heNormal, layerStage, stageInput, type Backbone } from '@headstart/core/network';
import { relu } from '@tensorflow/tfjs-core';

const DIRECTIONS = 16;
const FEATURES = 8;

/**
 * Two dense stages, each followed by a ReLU: `point` `[batch, 2]` to `directions` `[batch, 16]` to `vector` `[batch, 8]`.
 * Variables are called as in the file of weights.
 */
export function network(): Backbone {
  const lower = new Dense({ name: 'directions', inputs: 2, outputs: DIRECTIONS, initialiser: heNormal(2) });
  const upper = new Dense({ name: 'vector', inputs: DIRECTIONS, outputs: FEATURES, initialiser: heNormal(DIRECTIONS) });
  const stages = [
    layerStage('lower', [lower], (inputs, mode) => ({
      directions: relu(lower.forward(stageInput(inputs, 'point'), mode)),
    })),
    layerStage('upper', [upper], (inputs, mode) => ({
      vector: relu(upper.forward(stageInput(inputs, 'directions'), mode)),
    })),
  ];
  return {
    architecture: 'your-name@1',
    input: { tensors: { point: { shape: [2], dtype: 'float32' } }, preprocessing: {} },
    stages,
    features: [{ name: 'vector', stage: 'upper', tensor: 'vector', shape: [FEATURES], kind: 'vector' }],
    dispose: () => disposeStages(stages),
  };
}
