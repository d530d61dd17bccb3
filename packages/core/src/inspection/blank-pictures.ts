import type { Progress } from '@headstart/artifacts';
import { mapBounded } from '../images/map-bounded.ts';
import { isOneColour } from '../images/one-colour.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { View } from './looked-at.ts';

/** Pictures decoded at once: enough to keep the decoder's threads busy. */
const PARALLEL = 8;

/**
 * The samples whose picture shows one colour: every file is read, a few at a time, and decoded where it is small enough for that.
 * @throws HeadstartError `sample-unreadable`
 */
export async function blankPictures(samples: readonly Sample[], view: View, progress: Progress): Promise<Set<Sample>> {
  if (samples.length === 0 || !view(samples[0]!).picture) return new Set();
  const bar = progress.start({ label: 'looking at images', total: samples.length, unit: 'images' });
  let done = 0;
  try {
    const blank = await mapBounded(samples, PARALLEL, async (sample) => {
      const { picture } = view(sample);
      const found =
        picture !== undefined && (await isOneColour({ id: sample.id, image: picture.image }, picture.asStored));
      bar.update(++done);
      return found;
    });
    return new Set(samples.filter((_, place) => blank[place]));
  } finally {
    bar.end();
  }
}
