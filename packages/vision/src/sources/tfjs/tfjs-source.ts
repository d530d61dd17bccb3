import {
  HeadstartError,
  type OpenOptions,
  type SourceDomain,
  type SourceRuntime,
  type SourceScheme,
} from '@headstart/core';
import { networkBackbone, variablesOf, type Backbone, type Network, type NetworkInput } from '@headstart/core/network';
import { imageInput } from '../image-input.ts';
import { PICTURE_TUNING } from '../picture-tuning.ts';
import type { ImagePreprocessing } from '../image-preprocessing.ts';
import { graphNetwork } from './graph-network.ts';
import { layersNetwork } from './layers-network.ts';
import { parseModelFiles, readModelFiles } from './model-files.ts';
import { pyramidBackbone } from './pyramid-backbone.ts';
import { parseTfjsReference, type TfjsReference } from './tfjs-reference.ts';

/**
 * Any TensorFlow.js model of one picture as a source: `tfjs:<path, folder or address>#<options>`, both
 * LayersModels and GraphModels. The classifier is left out: features are taken where the map has become a
 * vector (global pooling or flattening), or at `layer`. Pixels are scaled to 0 to 1 unless `mean`
 * and `deviation` say otherwise. Stages lie between the points that a single tensor crosses.
 *
 * With `features` it gives several maps instead, for detection; a GraphModel may then have its channels first.
 */
export const tfjsScheme: SourceScheme = {
  scheme: 'tfjs',
  modality: 'image',
  description:
    'A TensorFlow.js LayersModel or GraphModel: tfjs:<model.json, folder or address>#size=224,mean=127.5,deviation=127.5,order=bgr,layer=<name>; for detection features=<name>,<name>,<name>, maps of three strides or more.',
  resolve: (rest) => {
    const reference = parseTfjsReference(rest);
    const id = `tfjs:${rest}`;
    return {
      id,
      modality: 'image',
      card: {
        title: reference.location,
        description: 'A TensorFlow.js model of its own; what it was trained on and its licence are not known here.',
        trainedOn: 'unknown',
        licence: 'unknown',
        files: [{ uri: reference.location }],
      },
      open: (runtime, options) => openTfjs(id, reference, runtime, options),
    } satisfies SourceDomain;
  },
};

/** Constants stand among the weights in these files, so that weights are read for the architecture alone, too. */
async function openTfjs(
  id: string,
  reference: TfjsReference,
  { artifacts }: SourceRuntime,
  { assets, elements }: OpenOptions,
): Promise<Backbone> {
  const files = assets
    ? await parseModelFiles({ description: `the saved model of ${id}`, read: assets }, 'model.json')
    : await readModelFiles(reference.location, artifacts);
  const network =
    files.format === 'graph-model' ? await graphNetwork(files, id) : await layersNetwork(files, id, elements);
  try {
    const { layer, features } = reference;
    if (!features)
      return {
        ...networkBackbone(network, {
          format: 'tfjs/1',
          input: imageInput(preprocessing(id, pictureShape(network), reference)),
          layer,
          from: id,
          layerOption: 'tfjs:<path>#layer=<name>',
        }),
        tuning: PICTURE_TUNING,
      };
    const channelsFirst = hasChannelsFirst(network);
    const [first = null, ...sides] = pictureShape(network);
    const shape = channelsFirst ? [...sides, first] : pictureShape(network);
    return pyramidBackbone(network, {
      preprocessing: preprocessing(id, shape, reference),
      features,
      channelsFirst,
      from: id,
    });
  } catch (cause) {
    for (const { value } of variablesOf(network, network.nodes.keys())) if (!value.isDisposed) value.dispose();
    network.dispose();
    throw cause;
  }
}

/** Of the one input that both readers take, without the batch axis; null where the model leaves it open. */
function pictureShape({ inputs }: Network): NetworkInput['shape'] {
  return inputs[0]!.shape;
}

/** Whether a network takes pictures as `[batch, channels, height, width]`. */
function hasChannelsFirst(network: Network): boolean {
  const depths: readonly unknown[] = [1, 3];
  const inputShape = pictureShape(network);
  return inputShape.length === 3 && depths.includes(inputShape[0]) && !depths.includes(inputShape[2]);
}

/** @param inputShape channels last @throws HeadstartError `not-supported`, `invalid-option` */
function preprocessing(
  id: string,
  inputShape: readonly (number | null)[],
  { size, mean, deviation, order }: TfjsReference,
): ImagePreprocessing {
  const [height = null, width = null, channels = null] = inputShape;
  if (inputShape.length !== 3 || (channels !== 1 && channels !== 3 && channels !== null)) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${id} takes the input [batch, ${inputShape.map((n) => n ?? '?').join(', ')}] where a picture [batch, height, width, 1 or 3] is expected.`,
      hint: 'Convert the model with its channels last (NHWC); a graph with its channels first can be used by naming its maps: #features=<name>,<name>,<name>.',
    });
  }
  if ((height === null || width === null) && !size) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${id} does not fix the size of its input.`,
      hint: 'Give the size to use: tfjs:<path>#size=224, or size=<height>x<width>.',
    });
  }
  const high = height ?? size?.[0] ?? 0;
  const wide = width ?? size?.[1] ?? 0;
  if (size && (size[0] !== high || size[1] !== wide)) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${id} takes pictures of ${high} x ${wide} pixels where size=${size.join('x')} was asked for.`,
      hint: 'Leave the size out: the model fixes it.',
    });
  }
  const depth = channels ?? 3;
  const each = (name: string, values: readonly number[]) => {
    if (values.length === depth) return values;
    if (values.length === 1) return Array.from({ length: depth }, () => values[0]!);
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${id} takes ${depth} channel, but ${name} has ${values.length} numbers.`,
      hint: `Give ${name} one number.`,
    });
  };
  return {
    height: high,
    width: wide,
    channels: depth,
    ...(order && { order }),
    mean: each('mean', mean),
    deviation: each('deviation', deviation),
    interpolation: 'bilinear',
    crop: 'center',
    cropFraction: 1,
    layout: 'NHWC',
  };
}
