import type { Sample } from '@headstart/core';
import { readFile } from 'node:fs/promises';
import { resample } from '../wav/resample.ts';
import { readWav } from '../wav/read-wav.ts';

/** A recording: the path of a WAV file, or its contents. */
export interface AudioSample extends Sample {
  readonly audio: string | Uint8Array;
}

/** A sample's sound at a rate. @throws HeadstartError `sample-unreadable` */
export async function soundOf({ id, audio }: AudioSample, rate: number): Promise<Float32Array> {
  const { samples, rate: own } = readWav(typeof audio === 'string' ? await readFile(audio) : audio, id);
  return resample(samples, own, rate);
}

/** Exactly `length` samples: a shorter clip in the middle of silence, of a longer one the part with the most energy. */
export function fitLength(samples: Float32Array, length: number): Float32Array {
  if (samples.length === length) return samples;
  if (samples.length > length) return samples.subarray(loudestStart(samples, length)).subarray(0, length);
  const padded = new Float32Array(length);
  padded.set(samples, Math.floor((length - samples.length) / 2));
  return padded;
}

function loudestStart(samples: Float32Array, length: number): number {
  let [energy, most, start] = [0, 0, 0];
  for (let end = 0; end < samples.length; end++) {
    energy += samples[end]! ** 2 - (end >= length ? samples[end - length]! ** 2 : 0);
    // Rounding must not move the start about in a sound that stays as loud as it is.
    if (end >= length - 1 && energy > most * (1 + 1e-9)) [most, start] = [energy, end - length + 1];
  }
  return start;
}
