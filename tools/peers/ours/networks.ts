import { relu } from '@tensorflow/tfjs-core';
import {
  Convolution,
  Dense,
  disposeStages,
  flatten,
  globalAveragePooling,
  heNormal,
  layerStage,
  maxPooling,
  stageInput,
  type Backbone,
  type Stage,
} from '@headstart/core/network';
import { RandomStream, type SourceDomain } from '@headstart/core';
import { efficientNetLite0, type ImagePreprocessing } from '@headstart/vision';
// What is measured are the layers that the package trains with; a copy of them would measure itself.
/* eslint-disable no-restricted-imports */
import { convolutionUnit, InvertedResidual } from '../../../packages/vision/src/sources/inverted-residual.ts';
/* eslint-enable no-restricted-imports */
import type { NetworkName } from '../job.ts';

/** The measured networks as sources. Two of them have no published weights: theirs are drawn, always the same. */
export function sourceOf(network: NetworkName): SourceDomain {
  if (network === 'efficientnet-lite0') return efficientNetLite0;
  return network === 'mobilenet-v2'
    ? drawn(network, 'MobileNetV2 for 96 x 96 pixels', mobileNetV2)
    : drawn(network, 'Two convolutions and a dense layer', smallCnn);
}

function drawn(id: string, title: string, build: () => Omit<Backbone, 'dispose'>): SourceDomain {
  return {
    id: `peers-${id}`,
    modality: 'image',
    card: { title, description: title, trainedOn: 'none', licence: 'Apache-2.0', files: [] },
    async open(_runtime, { weights }) {
      const backbone = build();
      const { stages } = backbone;
      const random = new RandomStream('peers');
      if (weights === 'published') for (const stage of stages) stage.initialise(random.child(stage.name));
      return {
        ...backbone,
        dispose: () => disposeStages(stages),
      };
    },
  };
}

function pictures(side: number, channels: 1 | 3): Backbone['input'] {
  const preprocessing: ImagePreprocessing = {
    height: side,
    width: side,
    channels,
    mean: Array<number>(channels).fill(127),
    deviation: Array<number>(channels).fill(128),
    interpolation: 'bicubic',
    crop: 'center',
    cropFraction: 1,
    layout: 'NHWC',
  };
  return { tensors: { image: { shape: [side, side, channels], dtype: 'float32' } }, preprocessing };
}

/** Table 2 of Sandler et al. (2018); stem and top as in EfficientNet-Lite, whose blocks these are. */
const MOBILENET_V2 = [
  { repeats: 1, stride: 1, expansion: 1, outputs: 16 },
  { repeats: 2, stride: 2, expansion: 6, outputs: 24 },
  { repeats: 3, stride: 2, expansion: 6, outputs: 32 },
  { repeats: 4, stride: 2, expansion: 6, outputs: 64 },
  { repeats: 3, stride: 1, expansion: 6, outputs: 96 },
  { repeats: 3, stride: 2, expansion: 6, outputs: 160 },
  { repeats: 1, stride: 1, expansion: 6, outputs: 320 },
];

function mobileNetV2(): Omit<Backbone, 'dispose'> {
  const stem = convolutionUnit({
    convolution: '_conv_stem',
    norm: '_bn0',
    kernelSize: 3,
    stride: 2,
    inputs: 3,
    outputs: 32,
  });
  const stages: Stage[] = [
    layerStage('stem', [stem], (inputs, mode) => ({ map: stem.forward(stageInput(inputs, 'image'), mode) })),
  ];
  let channels = 32;
  let index = 0;
  for (const [number, { repeats, stride, expansion, outputs }] of MOBILENET_V2.entries()) {
    const blocks = Array.from({ length: repeats }, (_, repeat) => {
      const block = new InvertedResidual({
        name: `_blocks.${index++}`,
        kernelSize: 3,
        stride: repeat === 0 ? stride : 1,
        expansion,
        inputs: channels,
        outputs,
      });
      channels = outputs;
      return block;
    });
    stages.push(
      layerStage(`block${number + 1}`, blocks, (inputs, mode) => ({
        map: blocks.reduce((map, block) => block.forward(map, mode), stageInput(inputs, 'map')),
      })),
    );
  }
  const top = convolutionUnit({
    convolution: '_conv_head',
    norm: '_bn1',
    kernelSize: 1,
    inputs: channels,
    outputs: 1280,
  });
  stages.push(
    layerStage('top', [top], (inputs, mode) => ({
      pooled: globalAveragePooling(top.forward(stageInput(inputs, 'map'), mode)),
    })),
  );
  return {
    architecture: 'peers-mobilenet-v2',
    input: pictures(96, 3),
    stages,
    features: [{ name: 'pooled', stage: 'top', tensor: 'pooled', shape: [1280], kind: 'vector' }],
  };
}

/** Convolution 16, pool, convolution 32, pool, dense 128; the head is the last layer. */
function smallCnn(): Omit<Backbone, 'dispose'> {
  const convolutions = [16, 32].map((outputs, i, all) => {
    const name = `conv${i + 1}`;
    return new Convolution({
      kernel: `${name}.weight`,
      bias: `${name}.bias`,
      size: 3,
      inputs: all[i - 1] ?? 1,
      outputs,
    });
  });
  const dense = new Dense({ name: 'dense', inputs: 7 * 7 * 32, outputs: 128, initialiser: heNormal(7 * 7 * 32) });
  const stages = convolutions.map((convolution, i) =>
    layerStage(`conv${i + 1}`, [convolution], (inputs) => ({
      map: maxPooling(relu(convolution.forward(stageInput(inputs, i === 0 ? 'image' : 'map'))), 2),
    })),
  );
  stages.push(
    layerStage('dense', [dense], (inputs) => ({ pooled: relu(dense.forward(flatten(stageInput(inputs, 'map')))) })),
  );
  return {
    architecture: 'peers-small-cnn',
    input: pictures(28, 1),
    stages,
    features: [{ name: 'pooled', stage: 'dense', tensor: 'pooled', shape: [128], kind: 'vector' }],
  };
}
