import {
  HeadstartError,
  type Encoder,
  type EncoderOptions,
  type HostBatch,
  type RandomStream,
  type View,
} from '@headstart/core';
import type { HostTensors, TensorSpecs } from '@headstart/core/network';
import { decodePixels, normalise, type Colour, type Pixels, type Size } from '@headstart/core/images';
import sharp from 'sharp';
import { parsePolicy, type Policy } from '../augment/policy.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { plainBox } from '../images/plain-box.ts';
import type { ImagePreprocessing } from '../sources/image-preprocessing.ts';

/** The name of the target: a distribution over the classes, `[classes]`. */
export const LABEL = 'label';

/** Turns pictures into a network's input, and labels into one-hot distributions. */
export class ImageEncoder implements Encoder<ImageSample> {
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  readonly mix?: (batch: HostBatch, random: RandomStream) => HostBatch;
  readonly preprocessing: ImagePreprocessing;
  readonly background: Colour;
  readonly #policy: Policy;
  readonly #input: string;
  readonly #classes: number;

  constructor({ backbone, labels, augmentation }: EncoderOptions, background: Colour) {
    this.preprocessing = preprocessingOf(backbone);
    this.background = background;
    this.inputs = backbone.input.tensors;
    this.#input = Object.keys(this.inputs)[0]!;
    this.#classes = labels.length;
    this.targets = { [LABEL]: { shape: [labels.length], dtype: 'float32' } };
    this.key = encodingKey(this.preprocessing, background);
    this.#policy = parsePolicy(augmentation);
    const { mix } = this.#policy;
    if (mix) this.mix = (batch, random) => mix(batch, random, { input: this.#input, ...this.preprocessing });
  }

  /** `[height, width, channels]`. */
  async encode(sample: ImageSample, view: View): Promise<HostTensors> {
    const { height, width, interpolation, crop } = this.preprocessing;
    const options = { height, width, interpolation, background: this.background, box: plainBox(this.preprocessing) };
    if (view.kind === 'plain') return this.#tensor(await decodePixels(sample, options));
    // A child stream starts from the view's name: nothing drawn elsewhere moves it.
    const random = view.random.child('image');
    const { box, alter } = this.#policy;
    const aspect = (size: Size) => (crop === 'stretch' ? size.width / size.height : width / height);
    const pixels = await decodePixels(sample, {
      ...options,
      box: box ? (size) => box(size, aspect(size), random) : options.box,
    });
    return this.#tensor(alter(pixels, random, this.background));
  }

  #tensor(pixels: Pixels): HostTensors {
    return { [this.#input]: normalise(pixels, this.preprocessing) };
  }

  /** One-hot; no augmentation of a single picture changes its class. */
  target(sample: ImageSample): HostTensors {
    const distribution = new Float32Array(this.#classes);
    if (sample.label === undefined || sample.label >= this.#classes) {
      throw new HeadstartError({
        code: 'label-invalid',
        message: `${sample.id} has ${sample.label === undefined ? 'no label' : `the label ${sample.label}, but there are only ${this.#classes} classes`}.`,
        hint: 'Only labelled pictures can be learned from or evaluated on.',
      });
    }
    distribution[sample.label] = 1;
    return { [LABEL]: distribution };
  }
}

/** Everything that determines the plain encoding of a picture's bytes. */
function encodingKey(preprocessing: ImagePreprocessing, background: Colour): string {
  const vips = sharp.versions.vips.split('.').slice(0, 2).join('.');
  const { height, width, channels, order, mean, deviation, interpolation, crop, cropFraction } = preprocessing;
  return JSON.stringify([
    'image/1',
    { height, width, channels, order, mean, deviation, interpolation, crop, cropFraction },
    background,
    `libvips ${vips}`,
  ]);
}

/** @throws HeadstartError `not-supported` for a source that takes anything but one picture */
function preprocessingOf({ architecture, input }: EncoderOptions['backbone']): ImagePreprocessing {
  const preprocessing = input.preprocessing as Partial<ImagePreprocessing> | undefined;
  const specs = Object.values(input.tensors);
  const shape = [preprocessing?.height, preprocessing?.width, preprocessing?.channels];
  if (
    !preprocessing ||
    specs.length !== 1 ||
    specs[0]!.dtype !== 'float32' ||
    specs[0]!.shape.join() !== shape.join()
  ) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${architecture} does not take one picture as [height, width, channels] floats.`,
      hint: 'Choose a source of images: `headstart sources` lists them.',
    });
  }
  return preprocessing as ImagePreprocessing;
}
