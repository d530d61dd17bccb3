import {
  HeadstartError,
  type Encoder,
  type EncoderOptions,
  type HostBatch,
  type RandomStream,
  type View,
} from '@headstart/core';
import type { HostTensors, TensorSpecs } from '@headstart/core/network';
import type { SampleTargets } from '@headstart/core/tasks';
import { decodePixels, normalise, type Colour, type Pixels, type Size } from '@headstart/core/images';
import sharp from 'sharp';
import { parsePolicy, type Policy } from '../augment/policy.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { plainBox } from '../images/plain-box.ts';
import type { ImagePreprocessing } from '../sources/image-preprocessing.ts';

/** Turns pictures into a network's input, and labels into what the task learns. */
export class ImageEncoder implements Encoder<ImageSample> {
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  readonly mix?: (batch: HostBatch, random: RandomStream) => HostBatch;
  readonly preprocessing: ImagePreprocessing;
  readonly background: Colour;
  readonly #policy: Policy;
  readonly #input: string;
  readonly #targets: SampleTargets;

  constructor(
    { backbone, augmentation }: Pick<EncoderOptions, 'backbone' | 'augmentation'>,
    { targets, background }: { readonly targets: SampleTargets; readonly background: Colour },
  ) {
    this.preprocessing = preprocessingOf(backbone);
    this.background = background;
    this.inputs = backbone.input.tensors;
    this.#input = Object.keys(this.inputs)[0]!;
    this.#targets = targets;
    this.targets = targets.specs;
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

  /** No augmentation of a single picture changes its labels. */
  target(sample: ImageSample): HostTensors {
    return this.#targets.of(sample);
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
