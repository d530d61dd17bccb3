import { relu } from '@tensorflow/tfjs-core';
import { HeadstartError, type SourceDomain, type SourceScheme } from '@headstart/core';
import {
  averagePooling,
  Convolution,
  Dense,
  disposeStages,
  flatten,
  heNormal,
  layerStage,
  maxPooling,
  stageInput,
  type Backbone,
  type FeatureInfo,
  type Stage,
} from '@headstart/core/network';
import type { ImagePreprocessing } from './image-preprocessing.ts';
import { imageInput } from './image-input.ts';

/** Output channels of the three convolutions, 3x3, "same" padding, ReLU. */
const CHANNELS = [16, 32, 64] as const;
const MAX_POOL = 2;
const AVERAGE_POOL = 4;
const FEATURES = 128;
/** Below 8 pixels nothing is left to pool; above 1024 the fully connected layer is no longer small. */
const SIDE = { least: 8, most: 1024 };

interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/**
 * The baseline that learns from nothing: convolution, max pooling, average pooling and fully connected
 * layers, for 64 x 64 RGB pictures. Stages `conv1`, `conv2`, `conv3` (each hands on `map`) and `dense`,
 * whose `pooled` is `[batch, 128]`.
 */
export const smallCnn: SourceDomain = smallCnnSource('small-cnn', { height: 64, width: 64, channels: 3 });

/** `small-cnn:28x28x1`: the same network for another size of picture. */
export const smallCnnScheme: SourceScheme = {
  scheme: 'small-cnn',
  modality: 'image',
  description: 'The from-scratch baseline for another input: small-cnn:<height>x<width>x<channels>, channels 1 or 3.',
  resolve: (rest) => smallCnnSource(`small-cnn:${rest}`, parseSize(rest)),
};

function parseSize(rest: string): ImageSize {
  const [height = 0, width = 0, channels = 0] = /^(\d+)x(\d+)x([13])$/.exec(rest)?.slice(1).map(Number) ?? [];
  if (Math.min(height, width) < SIDE.least || Math.max(height, width) > SIDE.most) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `"small-cnn:${rest}" does not name an input size that this network takes.`,
      hint: `Write small-cnn:<height>x<width>x<channels>, such as small-cnn:28x28x1: sides from ${SIDE.least} to ${SIDE.most} pixels, 1 or 3 channels.`,
    });
  }
  return { height, width, channels: channels as 1 | 3 };
}

function smallCnnSource(id: string, size: ImageSize): SourceDomain {
  const { height, width, channels } = size;
  return {
    id,
    modality: 'image',
    card: {
      title: 'Small CNN',
      description:
        'Three convolutions and a fully connected layer without published weights: the from-scratch baseline.',
      trainedOn: 'none',
      licence: 'Apache-2.0',
      parameters: parameterCount(size),
      input: `${height} x ${width} ${channels === 1 ? 'luma' : 'RGB'}, (pixel - 127.5) / 127.5`,
      files: [],
    },
    async open(_runtime, { weights }) {
      if (weights === 'published') {
        throw new HeadstartError({
          code: 'not-supported',
          message: `${id} has no published weights: it is the from-scratch baseline.`,
          hint: 'Use the strategy from-scratch with it, or a pretrained source such as efficientnet-lite0.',
        });
      }
      return openSmallCnn(size);
    },
  };
}

function mapSize({ height, width }: ImageSize, stride: number): [height: number, width: number] {
  return [Math.ceil(height / stride), Math.ceil(width / stride)];
}

/** Length of what reaches the fully connected layer. */
function flatSize(size: ImageSize): number {
  const [height, width] = mapSize(size, MAX_POOL ** 2 * AVERAGE_POOL);
  return height * width * CHANNELS[2];
}

function parameterCount(size: ImageSize): number {
  const convolutions = CHANNELS.map((outputs, i) => (9 * (CHANNELS[i - 1] ?? size.channels) + 1) * outputs);
  return convolutions.reduce((sum, n) => sum + n, (flatSize(size) + 1) * FEATURES);
}

function openSmallCnn(size: ImageSize): Backbone {
  const convolutions = CHANNELS.map((outputs, i) => {
    const inputs = CHANNELS[i - 1] ?? size.channels;
    return new Convolution({ kernel: `conv${i + 1}.weight`, bias: `conv${i + 1}.bias`, size: 3, inputs, outputs });
  });
  const dense = new Dense({
    name: 'dense',
    inputs: flatSize(size),
    outputs: FEATURES,
    initialiser: heNormal(flatSize(size)),
  });
  const stages: Stage[] = convolutions.map((convolution, i) =>
    layerStage(`conv${i + 1}`, [convolution], (inputs) => {
      const map = i === 0 ? stageInput(inputs, 'image') : maxPooling(stageInput(inputs, 'map'), MAX_POOL);
      return { map: relu(convolution.forward(map)) };
    }),
  );
  stages.push(
    layerStage('dense', [dense], (inputs) => {
      const pooled = averagePooling(stageInput(inputs, 'map'), AVERAGE_POOL);
      return { pooled: relu(dense.forward(flatten(pooled))) };
    }),
  );
  return {
    architecture: `small-cnn/1:${size.height}x${size.width}x${size.channels}`,
    input: imageInput(preprocessing(size)),
    stages,
    features: features(size),
    dispose: () => disposeStages(stages),
  };
}

function features(size: ImageSize): FeatureInfo[] {
  const maps = CHANNELS.map((channels, i): FeatureInfo => {
    const stride = MAX_POOL ** i;
    return {
      name: `conv${i + 1}`,
      stage: `conv${i + 1}`,
      tensor: 'map',
      shape: [...mapSize(size, stride), channels],
      kind: 'map',
      stride,
    };
  });
  return [...maps, { name: 'pooled', stage: 'dense', tensor: 'pooled', shape: [FEATURES], kind: 'vector' }];
}

function preprocessing({ height, width, channels }: ImageSize): ImagePreprocessing {
  const each = (value: number) => Array.from({ length: channels }, () => value);
  return {
    height,
    width,
    channels,
    mean: each(127.5),
    deviation: each(127.5),
    interpolation: 'bilinear',
    crop: 'center',
    cropFraction: 1,
    layout: 'NHWC',
  };
}
