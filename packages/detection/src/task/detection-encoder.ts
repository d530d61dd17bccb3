import { createHash } from 'node:crypto';
import { frameOf, normalise, type Frame, type Pixels } from '@headstart/core/images';
import sharp from 'sharp';
import { KeptValues, type Dataset, type Encoder, type EncoderOptions, type View } from '@headstart/core';
import type { HostTensors, TensorSpecs } from '@headstart/core/network';
import type { CellTargets } from '../assignment/cell-targets.ts';
import type { PlacedObject } from '../augment/raster.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { detectorPreprocessing, type DetectorPreprocessing } from '../sources/detector-preprocessing.ts';
import { alterationOf, type Alteration } from './augmentation.ts';
import { intoFrame } from './frame.ts';
import { readPicture } from './read-picture.ts';
import { MOST_OBJECTS, truthRows, TRUTH_WIDTH } from './truth.ts';

/** Bytes of decoded pictures that are kept: two hundred and fifty of 416 x 416. */
const KEPT_BYTES = 128 * 2 ** 20;

/**
 * Turns pictures into a detector's input, and their objects into what each cell is to learn. Targets of a
 * sample, of one shape whatever the number of objects, so that steps can be captured:
 *
 * - what the head's cells are to learn of the view, which may show objects of several samples;
 * - `truth` `[300, 7]`: the sample's own objects in pixels of the picture, for the evaluator;
 * - `frame` `[4]`: where the picture lies in the input.
 */
export class DetectionEncoder implements Encoder<DetectionSample> {
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  readonly preprocessing: DetectorPreprocessing;
  /** Where views take parts of other pictures, by boxes at that: all samples' contents and objects, in their order. */
  readonly combining?: (others: Dataset<DetectionSample>) => string;
  readonly #input: string;
  readonly #alteration: Alteration | undefined;
  /** Decoded, since a mosaic needs four of them, again and again. */
  readonly #pictures = new KeptValues<Pixels>(({ data }) => data.byteLength, KEPT_BYTES);

  constructor(
    { backbone, augmentation }: EncoderOptions,
    private readonly cells: CellTargets,
  ) {
    this.preprocessing = detectorPreprocessing(backbone);
    this.inputs = backbone.input.tensors;
    this.#input = Object.keys(this.inputs)[0]!;
    this.targets = {
      ...cells.specs,
      truth: { shape: [MOST_OBJECTS, TRUTH_WIDTH], dtype: 'float32' },
      frame: { shape: [4], dtype: 'float32' },
    };
    this.key = encodingKey(this.preprocessing);
    const { width, height } = this.preprocessing;
    this.#alteration = alterationOf(augmentation, { width, height }, (sample) => this.#objects(sample));
    if (this.#alteration?.combines) this.combining = digestOfAll;
  }

  /** `[height, width, 3]`. */
  async encode(sample: DetectionSample, view: View<DetectionSample>): Promise<HostTensors> {
    const altered = view.kind === 'augmented' ? this.#alteration?.view(sample, view) : undefined;
    const picture = altered
      ? await altered.picture((each) => this.#pictures.get(each.digest, () => readPicture(each, this.preprocessing)))
      : await readPicture(sample, this.preprocessing);
    return { [this.#input]: normalise(picture, { channels: 3, ...this.preprocessing }) };
  }

  target(sample: DetectionSample, view: View<DetectionSample>): HostTensors {
    const frame = this.frame(sample);
    const altered = view.kind === 'augmented' ? this.#alteration?.view(sample, view) : undefined;
    const objects = altered?.objects ?? this.#objects(sample);
    return {
      ...this.cells.of(objects),
      truth: truthRows(sample),
      frame: Float32Array.of(frame.across, frame.down, frame.left, frame.top),
    };
  }

  #objects(sample: DetectionSample): PlacedObject[] {
    const frame = this.frame(sample);
    return sample.objects.map(({ box, label, crowd }) => ({ box: intoFrame(box, frame), label, crowd }));
  }

  /** Where a picture lies in the input. */
  frame(sample: DetectionSample): Frame {
    return frameOf(sample, this.preprocessing);
  }
}

function digestOfAll(samples: Dataset<DetectionSample>): string {
  const hash = createHash('sha256');
  for (let i = 0; i < samples.length; i++) {
    const { digest, width, height, objects } = samples.get(i);
    hash.update(JSON.stringify([digest, width, height, objects.map(({ box, label, crowd }) => [box, label, crowd])]));
  }
  return hash.digest('hex');
}

/** Everything that determines the plain encoding of a picture's bytes. */
function encodingKey(preprocessing: DetectorPreprocessing): string {
  const vips = sharp.versions.vips.split('.').slice(0, 2).join('.');
  return JSON.stringify(['detection/1', preprocessing, `libvips ${vips}`]);
}
