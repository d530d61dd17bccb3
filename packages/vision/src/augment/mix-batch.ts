import { HeadstartError, type HostBatch, type RandomStream } from '@headstart/core';
import type { HostTensors, HostValues } from '@headstart/core/network';

/** Beta(0.2, 0.2) keeps most pictures nearly whole: the paper's choice for ImageNet lies in 0.1 … 0.4. */
const MIXUP_ALPHA = 0.2;

/**
 * mixup (Zhang et al., 2018): every sample is blended with another of the batch, inputs and target
 * alike, by one share drawn from Beta(0.2, 0.2).
 */
export function mixup(batch: HostBatch, random: RandomStream): HostBatch {
  const share = random.beta(MIXUP_ALPHA, MIXUP_ALPHA);
  const partner = random.permutation(batch.size);
  return {
    size: batch.size,
    inputs: blendAll(batch.inputs, batch.size, partner, share),
    targets: blendAll(batch.targets, batch.size, partner, share),
  };
}

export interface MixPlace {
  /** Name of the input with pictures, `[height, width, channels]` a sample. */
  readonly input: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * CutMix (Yun et al., 2019): a rectangle of every picture is replaced by the same rectangle of another
 * of the batch. Its area's share is drawn evenly (Beta(1, 1)), its centre lies anywhere, and the target
 * is blended by the area that was really replaced.
 */
export function cutMix(
  batch: HostBatch,
  random: RandomStream,
  { input, height, width, channels }: MixPlace,
): HostBatch {
  const pictures = batch.inputs[input];
  if (!pictures || pictures.length !== batch.size * height * width * channels) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `CutMix needs pictures [${height}, ${width}, ${channels}] under "${input}"; the batch has ${Object.keys(batch.inputs).join(', ')}.`,
      hint: 'Train the whole network with CutMix, or use mixup on cached features.',
    });
  }
  const side = Math.sqrt(random.next());
  const [left, right] = span(width, side, random);
  const [top, bottom] = span(height, side, random);
  const partner = random.permutation(batch.size);
  const mixed = pictures.slice();
  const size = height * width * channels;
  for (let i = 0; i < batch.size; i++) {
    for (let y = top; y < bottom; y++) {
      const start = (y * width + left) * channels;
      const end = (y * width + right) * channels;
      mixed.set(pictures.subarray(partner[i]! * size + start, partner[i]! * size + end), i * size + start);
    }
  }
  const kept = 1 - ((right - left) * (bottom - top)) / (width * height);
  return {
    size: batch.size,
    inputs: { ...batch.inputs, [input]: mixed },
    targets: blendAll(batch.targets, batch.size, partner, kept),
  };
}

function span(length: number, share: number, random: RandomStream): [number, number] {
  const centre = random.int(length);
  const half = Math.floor((length * share) / 2);
  return [Math.max(0, centre - half), Math.min(length, centre + half)];
}

function blendAll(tensors: HostTensors, size: number, partner: Uint32Array, share: number): HostTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, values]) => [name, blendRows(name, values, size, partner, share)]),
  );
}

/** `share` times each row plus the rest times its partner's. */
function blendRows(name: string, values: HostValues, size: number, partner: Uint32Array, share: number): HostValues {
  if (values instanceof Int32Array) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `"${name}" holds whole numbers, which cannot be blended.`,
      hint: 'Mix batches of floats and of one-hot targets only.',
    });
  }
  const row = values.length / size;
  const result = new Float32Array(values.length);
  for (let i = 0; i < size; i++) {
    const other = partner[i]! * row;
    for (let j = 0; j < row; j++) result[i * row + j] = share * values[i * row + j]! + (1 - share) * values[other + j]!;
  }
  return result;
}
