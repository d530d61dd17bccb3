import type { ModelInput } from '../../domains/model-input.ts';
import type { Sample } from '../../domains/target-domain.ts';
import type { View } from '../looked-at.ts';
import { mixedOrder, NearPairs, type NearBetween, type Side, type Sided } from './near-duplicates.ts';

/** More samples are not compared each with each. */
export const MOST_EMBEDDED = 20_000;

/**
 * What is nearly the same has at least this cosine, and at most this share of the distance that two samples have that were drawn: all embeddings
 * of some sources lie close together. Measured on emoji that were mirrored or shaded, and on reviews in other words.
 */
const LEAST_COSINE = 0.95;
const MOST_DISTANCE = 0.1;
/** Of fewer samples too many may be alike for the distance to say anything. */
const LEAST_DRAWN = 20;

/** What a source's embeddings tell beside contents. */
export interface FoundByEmbeddings {
  readonly source: string;
  readonly least: number;
  readonly between: readonly NearBetween[];
}

/** Whose embeddings samples are compared by. */
export interface EmbeddedBy {
  /** The source's id. */
  readonly source: string;
  /** The least cosine of embeddings that are nearly the same; where absent, by how alike samples are that have nothing to do with one another. */
  readonly least?: number;
  /** Gives vectors `[inputs.length, d]`, row-major. */
  readonly embed: (
    inputs: readonly ModelInput[],
  ) => Promise<{ readonly shape: readonly number[]; readonly data: Float32Array }>;
}

/**
 * Samples whose embeddings point nearly the same way: pictures that were mirrored or shaded, texts in other words, which
 * comparing contents does not find. Each sample comes with the likest of each side; pairs that are known already are left out.
 *
 * @param known what comparing contents found
 */
export async function nearEmbeddings(
  samples: readonly Sided[],
  view: View,
  { source, least: asked, embed }: EmbeddedBy,
  known: readonly NearBetween[],
): Promise<FoundByEmbeddings> {
  const given = samples.flatMap((each) => {
    const input = inputOf(each.sample, view);
    return input === undefined ? [] : [{ ...each, input }];
  });
  if (given.length < 2) return { source, least: asked ?? LEAST_COSINE, between: [] };
  const { shape, data } = await embed(given.map(({ input }) => input));
  const least = asked ?? usualLeast(data, shape[1]!);
  const { eachLikeness } = await import('../../metrics/each-likeness.ts');
  const isKnown = knownPairs(known);
  const pairs = new NearPairs(given);
  await eachLikeness(data, data, shape[1]!, (place, alike) => {
    const likest = new Map<Side, number>();
    for (let other = 0; other < place; other++) {
      if (alike[other]! < least || !pairs.isOpen(other, place)) continue;
      const { side } = given[other]!;
      const best = likest.get(side);
      if (best === undefined || alike[other]! > alike[best]!) likest.set(side, other);
    }
    for (const [side, other] of likest)
      if (!isKnown(given[place]!, side)) pairs.add(other, place, Math.min(1, alike[other]!));
  });
  return { source, least, between: pairs.finish() };
}

/** The cosine from which samples are nearly the same to a source, rounded up to thousandths. */
function usualLeast(embeddings: Float32Array, width: number): number {
  const count = embeddings.length / width;
  if (count < LEAST_DRAWN) return LEAST_COSINE;
  const drawn = mixedOrder(count);
  const cosines = Float64Array.from(drawn, (place, i) => cosine(embeddings, width, place, drawn[(i + 1) % count]!));
  const middle = cosines.sort()[Math.floor(count / 2)]!;
  return Math.max(LEAST_COSINE, Math.ceil(1000 * (1 - MOST_DISTANCE * (1 - middle))) / 1000);
}

function cosine(rows: Float32Array, width: number, a: number, b: number): number {
  let [product, first, second] = [0, 0, 0];
  for (let i = 0; i < width; i++) {
    const [x, y] = [rows[a * width + i]!, rows[b * width + i]!];
    product += x * y;
    first += x * x;
    second += y * y;
  }
  return product / (Math.sqrt(first * second) || 1);
}

/** What the source takes of a sample; nothing of blank texts and of pictures that are no file of their own. */
function inputOf(sample: Sample, view: View): ModelInput | undefined {
  const { texts, picture } = view(sample);
  if (picture?.image.kind === 'file') return picture.image.path;
  if (picture?.image.kind === 'memory') return picture.image.bytes;
  const text = (texts ?? []).join(' ');
  return text.trim() === '' ? undefined : text;
}

/** Whether a sample is known to have a near-duplicate on a side. */
function knownPairs(known: readonly NearBetween[]): (second: Sided, first: Side) => boolean {
  const partners = new Map<Sample, Set<string>>();
  for (const { sides, pairs } of known)
    for (const { second } of pairs) partners.set(second, (partners.get(second) ?? new Set()).add(sides.join()));
  return ({ sample, side }, first) => partners.get(sample)?.has([first, side].join()) ?? false;
}
