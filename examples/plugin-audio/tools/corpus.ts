import { RandomStream } from '@headstart/core';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sound } from '../src/wav/read-wav.ts';
import { resample } from '../src/wav/resample.ts';
import { recorded } from './room.ts';
import { writeWav } from './write-wav.ts';

const RATE = 16_000;

/** Writes a folder of class folders: each word, said a number of times. @param say the nth time that a word is said */
export async function writeCorpus(
  folder: string,
  words: readonly string[],
  times: number,
  say: (word: string, time: number, random: RandomStream) => Sound | Promise<Sound>,
): Promise<void> {
  for (const word of words) {
    await mkdir(join(folder, word), { recursive: true });
    for (let time = 0; time < times; time++) {
      const random = new RandomStream('corpus').child(word, time);
      const { rate, samples } = await say(word, time, random);
      const sound = { rate: RATE, samples: resample(samples, rate, RATE) };
      await writeWav(join(folder, word, `${time}.wav`), recorded(sound, random), RATE);
    }
  }
}
