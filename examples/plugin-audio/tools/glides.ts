import { RandomStream } from '@headstart/core';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWav } from './write-wav.ts';

const RATE = 8000;
const LENGTH = RATE / 2;

/** Half a second of a tone that rises or falls by an octave, somewhere in the voice's range. */
function glide(rises: boolean, random: RandomStream): Float32Array {
  const [hertz, phase] = [random.uniform(200, 600), random.uniform(0, 2 * Math.PI)];
  return Float32Array.from({ length: LENGTH }, (_, i) => {
    // The frequency goes from f to 2 f, or back: its integral is f (t + t² / 2T), or f (2 t - t² / 2T).
    const bent = (i * i) / (2 * LENGTH);
    const turns = (hertz * (rises ? i + bent : 2 * i - bent)) / RATE;
    return 0.3 * Math.sin(2 * Math.PI * turns + phase) + 0.01 * random.uniform(-1, 1);
  });
}

/** Two keywords for tests, in a folder of class folders: `rise` and `fall`, each said a number of times. */
export async function writeGlides(folder: string, times: number): Promise<void> {
  for (const word of ['fall', 'rise']) {
    await mkdir(join(folder, word), { recursive: true });
    for (let time = 0; time < times; time++) {
      await writeWav(
        join(folder, word, `${time}.wav`),
        glide(word === 'rise', new RandomStream(word).child(time)),
        RATE,
      );
    }
  }
}
