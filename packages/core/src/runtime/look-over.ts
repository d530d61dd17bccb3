import { HeadstartError } from '@headstart/artifacts/errors';
import type { Grouping } from '../domains/groups.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { blankPictures } from '../inspection/blank-pictures.ts';
import { countSplits, samplesIn, type Splits } from '../inspection/count-splits.ts';
import { cutTexts } from '../inspection/cut-texts.ts';
import { findDuplicates, type Duplicates } from '../inspection/duplicate-warnings.ts';
import { findNear, type FoundNear, type OtherData } from '../inspection/near/find-near.ts';
import type { EmbeddedBy } from '../inspection/near/near-embeddings.ts';
import { findWarnings } from '../inspection/find-warnings.ts';
import type { Unchecked } from '../inspection/inspection.ts';
import { NAMED, plural, type View } from '../inspection/looked-at.ts';
import { CLEANINGS, type Cleaning } from '../options/cleanings.ts';

/** Data in splits, and what will learn from them. */
export interface LookedOver {
  readonly data: TargetData;
  readonly splits: Splits;
  readonly view: View;
  readonly source: SourceDomain;
  /** The groups that samples are in, where they are in groups. */
  readonly grouping?: Grouping;
  /** Other data, to be held against. */
  readonly against?: OtherData;
  /** Whose embeddings samples are compared by, beside their contents. */
  readonly embedded?: EmbeddedBy;
  /** What was mended already. */
  readonly clean?: readonly Cleaning[];
}

export interface LookOverOptions {
  /** Look for blank pictures and for near-duplicates among pictures, too: every file is read once more. */
  readonly thorough: boolean;
  readonly runtime: SourceRuntime;
}

/** What looks wrong in data, and what was not looked for. */
export interface Findings {
  readonly warnings: readonly DataWarning[];
  readonly duplicates?: Duplicates;
  readonly near?: FoundNear;
  readonly unchecked: readonly Unchecked[];
}

/** Looks for everything that seems wrong in data, by the reader's own remarks and by the samples. */
export async function lookOver(looked: LookedOver, { thorough, runtime }: LookOverOptions): Promise<Findings> {
  const { data, splits, view, grouping, against, embedded, clean = [] } = looked;
  const assigned = data.samples.some(({ split }) => split !== undefined);
  const { duplicates, warnings: copies } = findDuplicates(splits);
  const remarks = (data.notes?.warnings ?? []).filter(({ code }) => !(clean as readonly string[]).includes(code));
  const found = findWarnings({ data, splits, grouping, assigned, view, ...countSplits(splits, data.labels) });
  const texts = await cutTextsOf(looked, runtime);
  const near = await findNear(splits, { view, progress: runtime.progress, thorough, against, embedded });
  const blank = thorough && !clean.includes('blank-images') ? await blankWarnings(splits, view, runtime) : [];
  return {
    warnings: [...remarks, ...copies, ...near.warnings, ...found, ...texts.warnings, ...blank],
    ...(duplicates && { duplicates }),
    ...(near.near && { near: near.near }),
    unchecked: [...texts.unchecked, ...near.unchecked],
  };
}

async function blankWarnings(splits: Splits, view: View, { progress }: SourceRuntime): Promise<DataWarning[]> {
  const blank = await blankPictures(
    [...samplesIn(splits)].map(({ sample }) => sample),
    view,
    progress,
  );
  if (blank.size === 0) return [];
  return [
    {
      code: 'blank-images',
      message: `${plural(blank.size, 'picture shows', 'pictures show')} one colour and nothing else.`,
      hint: 'Replace them, or leave them out with --clean blank-images.',
      samples: [...blank].slice(0, NAMED).map(({ id }) => id),
    },
  ];
}

/** Texts that the source cuts; why that is not known where its files are not here. */
async function cutTextsOf(
  { splits, view, source }: LookedOver,
  runtime: SourceRuntime,
): Promise<{ warnings: DataWarning[]; unchecked: Unchecked[] }> {
  const samples = [...samplesIn(splits)].map(({ sample }) => sample);
  if (!samples[0] || !view(samples[0]).texts) return { warnings: [], unchecked: [] };
  const unknown = (why: string) => ({ warnings: [], unchecked: [{ code: 'cut-texts', why }] });
  try {
    const limit = await source.inputLimit?.(runtime);
    if (!limit) return unknown(`How much of a text ${source.id} reads is not known before it is opened.`);
    return { warnings: limit === 'none' ? [] : cutTexts(samples, view, source.id, limit), unchecked: [] };
  } catch (error) {
    if (!HeadstartError.is(error) || error.code !== 'artifact-unreachable') throw error;
    return unknown(`The files by which ${source.id} cuts texts are not here yet; a training fetches them.`);
  }
}

/** @throws HeadstartError `target-doubtful` where a warning is left */
export function checkStrict({ id }: TargetData, warnings: readonly DataWarning[]): void {
  if (warnings.length === 0) return;
  const codes = [...new Set(warnings.map(({ code }) => code))];
  const cleanable = codes.filter((code) => (CLEANINGS as readonly string[]).includes(code));
  const act = cleanable.length > 0 ? `, or have them mended: --clean ${cleanable.join(',')}` : '';
  throw new HeadstartError({
    code: 'target-doubtful',
    message: `${id} leaves ${plural(warnings.length, 'warning')}, and --strict allows none: ${warnings.map(({ code, message }) => `${message} [${code}]`).join(' ')}`,
    hint: `Correct the data${act}. Without --strict they are taken as they are.`,
  });
}
