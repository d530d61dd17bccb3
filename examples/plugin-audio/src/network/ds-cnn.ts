import {
  BatchNorm,
  Convolution,
  disposeStages,
  globalAveragePooling,
  layerStage,
  NormalisedConvolution,
  stageInput,
  usesBatchStatistics,
  type Backbone,
  type ForwardMode,
  type Stage,
} from '@headstart/core/network';
import { add, mul, type Tensor } from '@tensorflow/tfjs-core';
import { framesOf, SETTINGS, type LogMelSettings } from '../features/log-mel.ts';

const CHANNELS = 64;
const BLOCKS = 4;
const STRIDE = 2;
const NORM = { epsilon: 1e-3, momentum: 0.1 };

/**
 * The depthwise-separable network of "Hello Edge" (Zhang et al., 2017) in its small size, with ReLU6: a convolution of
 * 10 x 4 over the spectrogram at stride 2, four pairs of a 3 x 3 depthwise and a 1 x 1 convolution, the mean over time
 * and frequency; and, not in the paper, a batch norm over that mean, which learns faster. Stages `stem`, `block1` … `block4` (each hands on `map`) and `pool`, whose `pooled` is `[batch, 64]`.
 */
export function dsCnn(): Backbone<LogMelSettings> {
  const [frames, mels] = [framesOf(SETTINGS), SETTINGS.mels];
  const stem = unit('stem', [10, 4], { inputs: 1, stride: STRIDE });
  const stages: Stage[] = [
    layerStage('stem', [stem], (inputs, mode) => ({ map: stem.forward(stageInput(inputs, 'spectrogram'), mode) })),
  ];
  for (let block = 1; block <= BLOCKS; block++) {
    const depthwise = unit(`block${block}.depthwise`, [3, 3], { inputs: CHANNELS, depthwise: true });
    const pointwise = unit(`block${block}.pointwise`, [1, 1], { inputs: CHANNELS });
    stages.push(
      layerStage(`block${block}`, [depthwise, pointwise], (inputs, mode) => ({
        map: pointwise.forward(depthwise.forward(stageInput(inputs, 'map'), mode), mode),
      })),
    );
  }
  const norm = new BatchNorm({ name: 'pool.norm', channels: CHANNELS, ...NORM });
  stages.push(
    layerStage('pool', [norm], (inputs, mode) => ({
      pooled: normalised(norm, globalAveragePooling(stageInput(inputs, 'map')), mode),
    })),
  );
  const map = [Math.ceil(frames / STRIDE), Math.ceil(mels / STRIDE), CHANNELS];
  return {
    architecture: 'ds-cnn/1',
    input: { tensors: { spectrogram: { shape: [frames, mels, 1], dtype: 'float32' } }, preprocessing: SETTINGS },
    stages,
    features: [
      { name: 'map', stage: `block${BLOCKS}`, tensor: 'map', shape: map, kind: 'map', stride: STRIDE },
      { name: 'pooled', stage: 'pool', tensor: 'pooled', shape: [CHANNELS], kind: 'vector' },
    ],
    dispose: () => disposeStages(stages),
  };
}

function normalised(norm: BatchNorm, x: Tensor, mode: ForwardMode): Tensor {
  if (usesBatchStatistics(mode)) return norm.train(x);
  const { scale, shift } = norm.affine();
  return add(mul(x, scale), shift);
}

function unit(
  name: string,
  size: readonly [number, number],
  options: { readonly inputs: number; readonly stride?: number; readonly depthwise?: boolean },
): NormalisedConvolution {
  return new NormalisedConvolution(
    new Convolution({ kernel: `${name}.kernel`, size, outputs: CHANNELS, ...options }),
    new BatchNorm({ name: `${name}.norm`, channels: CHANNELS, ...NORM }),
    'relu6',
  );
}
