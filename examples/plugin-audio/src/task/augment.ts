import type { RandomStream } from '@headstart/core';
import type { LogMelSettings } from '../features/log-mel.ts';

export const AUGMENTATIONS = ['none', 'standard', 'specaugment'] as const;

/** At most this far in time, and noise at most this loud beside the clip's root mean square. */
const SHIFT_SECONDS = 0.1;
const NOISE = 0.3;
/** Masks of SpecAugment, of at most so many frames and mel bands. */
const MASKS = { count: 2, frames: 8, mels: 6 };

/** Moves a clip in time and lays white noise over it. */
export function alterSound(samples: Float32Array, rate: number, random: RandomStream): Float32Array {
  const shift = Math.round(random.uniform(-SHIFT_SECONDS, SHIFT_SECONDS) * rate);
  const meanSquare = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
  // Uniform in ±√3 has variance 1, and is drawn faster than normal numbers.
  const noise = random.uniform(0, NOISE) * Math.sqrt(3 * meanSquare);
  return samples.map((_, i) => (samples[i - shift] ?? 0) + noise * random.uniform(-1, 1));
}

/** SpecAugment (Park et al., 2019) without time warping: bands of time and of frequency are set to the lowest value. */
export function maskSpectrogram(
  spectrogram: Float32Array,
  { mels }: LogMelSettings,
  random: RandomStream,
): Float32Array {
  const frames = spectrogram.length / mels;
  const masked = spectrogram.slice();
  for (let mask = 0; mask < MASKS.count; mask++) {
    const [tall, wide] = [random.int(MASKS.frames + 1), random.int(MASKS.mels + 1)];
    const [top, left] = [random.int(frames - tall + 1), random.int(mels - wide + 1)];
    masked.fill(-1, top * mels, (top + tall) * mels);
    for (let row = 0; row < frames; row++) masked.fill(-1, row * mels + left, row * mels + left + wide);
  }
  return masked;
}
