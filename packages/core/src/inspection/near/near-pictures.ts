import type { Progress } from '@headstart/artifacts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../../domains/target-domain.ts';
import { mapBounded } from '../../images/map-bounded.ts';
import type { View } from '../looked-at.ts';
import { mixedOrder, NearPairs, type NearBetween, type Sided } from './near-duplicates.ts';
import { nearHashes } from './near-hashes.ts';
import { pictureLikeness } from './picture-likeness.ts';
import { CELL_NUMBERS, picturePrint } from './picture-print.ts';

/** Pictures decoded at once: enough to keep the decoder's threads busy. */
const PARALLEL = 8;

/**
 * What two pictures have to come to: measured on emoji and photographs that were resized, compressed and cropped by 2 %, and on different
 * emoji of one vendor, and the same of two, which none of them may be.
 */
const LEAST_CORRELATION = 0.98;
const MOST_DEVIATION = 1;

/** Pictures that are nearly the same, and those that could not be decoded. */
export interface NearPictures {
  readonly between: readonly NearBetween[];
  readonly unreadable: readonly Sample[];
}

/** Decodes every picture once, and keeps about 780 bytes of each. Blank ones have no near-duplicates. */
export async function nearPictures(samples: readonly Sided[], view: View, progress: Progress): Promise<NearPictures> {
  const hashes = new Uint32Array(2 * samples.length);
  const cells = new Uint8Array(CELL_NUMBERS * samples.length);
  let unreadable: Sample[];
  let printed: number[];
  const bar = progress.start({ label: 'comparing images', total: samples.length, unit: 'images' });
  let done = 0;
  try {
    const prints = await mapBounded(samples, PARALLEL, async ({ sample }, place) => {
      const { picture } = view(sample);
      const print =
        picture && (await picturePrint({ id: sample.id, image: picture.image }, picture.asStored).catch(passing));
      bar.update(++done);
      if (print === 'unreadable' || print === undefined) return print;
      hashes.set(print.hash, 2 * place);
      cells.set(print.cells, CELL_NUMBERS * place);
      return 'printed';
    });
    const placesOf = (wanted: (typeof prints)[number]) =>
      prints.flatMap((print, place) => (print === wanted ? [place] : []));
    unreadable = placesOf('unreadable').map((place) => samples[place]!.sample);
    printed = placesOf('printed');
  } finally {
    bar.end();
  }
  const order = Array.from(mixedOrder(printed.length), (place) => printed[place]!);
  const pairs = new NearPairs(samples).addCopies();
  const cellsAt = (place: number) => cells.subarray(CELL_NUMBERS * place, CELL_NUMBERS * (place + 1));
  nearHashes(hashesAt(hashes, order), (a, b) => {
    const [first, second] = [Math.min(order[a]!, order[b]!), Math.max(order[a]!, order[b]!)];
    if (!pairs.isOpen(first, second)) return;
    const found = pictureLikeness(cellsAt(first), cellsAt(second));
    if (found && found.correlation >= LEAST_CORRELATION && found.worst <= MOST_DEVIATION)
      pairs.add(first, second, found.correlation);
  });
  return { between: pairs.finish(), unreadable };
}

function passing(error: unknown): 'unreadable' {
  if (HeadstartError.is(error) && error.code === 'sample-unreadable') return 'unreadable';
  throw error;
}

function hashesAt(hashes: Uint32Array, places: readonly number[]): Uint32Array {
  const chosen = new Uint32Array(2 * places.length);
  places.forEach((place, i) => chosen.set(hashes.subarray(2 * place, 2 * place + 2), 2 * i));
  return chosen;
}
