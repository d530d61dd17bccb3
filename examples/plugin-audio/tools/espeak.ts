import espeakNg from '@echogarden/espeak-ng-emscripten';
import type { RandomStream } from '@headstart/core';
import type { Sound } from '../src/wav/read-wav.ts';

/** Accents of English that eSpeak NG has, by the files that describe them. */
const ACCENTS = `
  gmw/en gmw/en-US gmw/en-GB-scotland gmw/en-GB-x-rp gmw/en-GB-x-gbclan gmw/en-GB-x-gbcwmd gmw/en-US-nyc
  gmw/en-029
`
  .trim()
  .split(/\s+/);

/** Variants of the voice that ship with eSpeak NG: formants, breath and pitch of other speakers. Robots and jokes are left out. */
const SPEAKERS = `
  f1 f2 f3 f4 f5 m1 m2 m3 m4 m5 m6 m7 m8 Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Lee
  Marco Mario Michael Mike Nguyen Reed adam anika antonio aunty belinda benjamin boris caleb david ed edward
  grandma grandpa gustave ian iven john kaukovalta klatt klatt2 klatt3 klatt4 linda marcelo max michel miguel
  norbert pablo paul pedro quincy rob robert sandro shelby steph travis victor zac
`
  .trim()
  .split(/\s+/);

/** Gives a function that says a word in a voice drawn by a stream: accent, speaker, rate, pitch and its range. */
export async function espeak(): Promise<(word: string, random: RandomStream) => Sound> {
  const { eSpeakNGWorker } = await espeakNg();
  const worker = new eSpeakNGWorker();
  return (word, random) => {
    worker.set_voice(`${random.pick(ACCENTS)}+${random.pick(SPEAKERS)}`, '', 0, 0, 0);
    worker.set_rate(Math.round(random.uniform(120, 210)));
    worker.set_pitch(Math.round(random.uniform(20, 80)));
    worker.set_range(Math.round(random.uniform(20, 80)));
    const parts: Int16Array[] = [];
    worker.synthesize(word, (part) => {
      if (part) parts.push(part);
      return false; // go on
    });
    return {
      rate: worker.samplerate,
      samples: Float32Array.from(
        parts.flatMap((part) => [...part]),
        (value) => value / 32_768,
      ),
    };
  };
}
