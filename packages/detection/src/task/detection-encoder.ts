import sharp from 'sharp';
import { type Encoder, type EncoderOptions, type HostTensors, type TensorSpecs, type View } from '@headstart/core';
import type { CellTargets } from '../assignment/cell-targets.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { detectorPreprocessing, type DetectorPreprocessing } from '../sources/detector-preprocessing.ts';
import { alterationOf, type Alteration } from './augmentation.ts';
import { frameOf, intoFrame, type Frame } from './frame.ts';
import { normalise, readPicture } from './read-picture.ts';
import { MOST_OBJECTS, truthRows, TRUTH_WIDTH } from './truth.ts';

/**
 * Turns pictures into a detector's input, and their objects into what each cell is to learn. Targets of a
 * sample, of one shape whatever the number of objects, so that steps can be captured:
 *
 * - what the head's cells are to learn;
 * - `truth` `[300, 7]`: the objects in pixels of the picture, for the evaluator;
 * - `frame` `[4]`: where the picture lies in the input.
 */
export class DetectionEncoder implements Encoder<DetectionSample> {
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  readonly preprocessing: DetectorPreprocessing;
  readonly #input: string;

  readonly #alteration: Alteration | undefined;

  constructor({ backbone, augmentation }: EncoderOptions, private readonly cells: CellTargets) {
    this.preprocessing = detectorPreprocessing(backbone);
    this.inputs = backbone.input.tensors;
    this.#input = Object.keys(this.inputs)[0]!;
    this.targets = {
      ...cells.specs,
      truth: { shape: [MOST_OBJECTS, TRUTH_WIDTH], dtype: 'float32' },
      frame: { shape: [4], dtype: 'float32' },
    };
    this.key = encodingKey(this.preprocessing);
    this.#alteration = alterationOf(augmentation);
  }

  /** `[height, width, 3]`. */
  async encode(sample: DetectionSample, view: View): Promise<HostTensors> {
    const plain = await readPicture(sample, this.preprocessing);
    const picture = view.kind === 'augmented' && this.#alteration ? this.#alteration.picture(plain, view.random) : plain;
    return { [this.#input]: normalise(picture, this.preprocessing) };
  }

  target(sample: DetectionSample, view: View): HostTensors {
    const frame = this.frame(sample);
    const plain = sample.objects.map(({ box, label, crowd }) => ({ box: intoFrame(box, frame), label, crowd }));
    const objects = view.kind === 'augmented' && this.#alteration ? this.#alteration.objects(plain, this.preprocessing, view.random) : plain;
    return { ...this.cells.of(objects), truth: truthRows(sample), frame: Float32Array.of(frame.across, frame.down, frame.left, frame.top) };
  }

  /** Where a picture lies in the input. */
  frame(sample: DetectionSample): Frame {
    return frameOf(sample, this.preprocessing);
  }
}

/** Everything that determines the plain encoding of a picture's bytes. */
function encodingKey(preprocessing: DetectorPreprocessing): string {
  const vips = sharp.versions.vips.split('.').slice(0, 2).join('.');
  return JSON.stringify(['detection/1', preprocessing, `libvips ${vips}`]);
}
