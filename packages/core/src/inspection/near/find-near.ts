import type { Progress } from '@headstart/artifacts';
import type { DataWarning } from '../../domains/reading-notes.ts';
import type { Sample } from '../../domains/target-domain.ts';
import type { Splits } from '../count-splits.ts';
import type { Unchecked } from '../inspection.ts';
import type { View } from '../looked-at.ts';
import { sidedSamples, type NearBetween, type Sided } from './near-duplicates.ts';
import { MOST_EMBEDDED, nearEmbeddings, type EmbeddedBy, type FoundByEmbeddings } from './near-embeddings.ts';
import { nearPictures } from './near-pictures.ts';
import { nearTexts } from './near-texts.ts';
import { embeddedWarnings, nearWarnings, unreadableWarnings } from './near-warnings.ts';

/** More contents are not compared: their prints would take some hundred megabytes. */
const MOST = 200_000;
/** More texts are not compared before a training, where seconds count. */
const MOST_IN_PASSING = 20_000;

/** Other data, to be held against. */
export interface OtherData {
  readonly id: string;
  readonly samples: readonly Sample[];
}

export interface FindNearOptions {
  readonly view: View;
  readonly progress: Progress;
  /** Whether every picture is decoded for it; else texts alone are compared, between splits, where they are few. */
  readonly thorough: boolean;
  readonly against?: OtherData;
  /** Whose embeddings samples are compared by, beside their contents. */
  readonly embedded?: EmbeddedBy;
}

/** What was compared, and what is nearly the same. */
export interface FoundNear {
  readonly of: 'pictures' | 'texts';
  /** Different contents. */
  readonly compared: number;
  readonly between: readonly NearBetween[];
  /** What is nearly the same by a source's embeddings alone. */
  readonly embeddings?: FoundByEmbeddings;
}

/** Near-duplicates within splits, between them and with other data; undefined of what is neither pictures nor texts, and where they are not looked for. */
export async function findNear(
  splits: Splits,
  { view, progress, thorough, against, embedded }: FindNearOptions,
): Promise<{ near?: FoundNear; warnings: DataWarning[]; unchecked: Unchecked[] }> {
  const samples = sidedSamples(splits, against?.samples);
  const { texts, picture } = samples[0] ? view(samples[0].sample) : {};
  const compared = samples.length;
  const isLookedFor = thorough ? Boolean(texts ?? picture) : texts !== undefined && compared <= MOST_IN_PASSING;
  if (!isLookedFor) return { warnings: [], unchecked: [] };
  if (compared > MOST) {
    const why = `Near-duplicates are looked for among ${MOST.toLocaleString('en-US')} samples at most; these are ${compared.toLocaleString('en-US')}.`;
    return { warnings: [], unchecked: [{ code: 'near-duplicates', why }] };
  }
  const { between, unreadable } = picture
    ? await nearPictures(samples, view, progress)
    : { between: nearTexts(samples, view), unreadable: [] };
  const told = thorough ? between : between.filter(({ sides: [first, second] }) => first !== second);
  const lost = new Set(unreadable);
  const readable = samples.filter(({ sample }) => !lost.has(sample));
  const { embeddings, unchecked } = embedded
    ? await byEmbeddings(readable, view, embedded, told)
    : { embeddings: undefined, unchecked: [] };
  return {
    near: { of: picture ? 'pictures' : 'texts', compared, between: told, ...(embeddings && { embeddings }) },
    warnings: [
      ...nearWarnings(told, against?.id),
      ...(embeddings ? embeddedWarnings(embeddings, against?.id) : []),
      ...unreadableWarnings(unreadable),
    ],
    unchecked,
  };
}

async function byEmbeddings(
  samples: readonly Sided[],
  view: View,
  embedded: EmbeddedBy,
  known: readonly NearBetween[],
): Promise<{ embeddings?: FoundByEmbeddings; unchecked: Unchecked[] }> {
  const not = (why: string) => ({ unchecked: [{ code: 'near-embeddings', why }] });
  if (samples.length > MOST_EMBEDDED)
    return not(
      `Embeddings of ${MOST_EMBEDDED.toLocaleString('en-US')} samples at most are compared; these are ${samples.length.toLocaleString('en-US')}.`,
    );
  if (samples.some(({ sample }) => view(sample).picture?.image.kind === 'idx'))
    return not('Pictures of an IDX file have no embeddings here: write them as files of their own.');
  return { embeddings: await nearEmbeddings(samples, view, embedded, known), unchecked: [] };
}
