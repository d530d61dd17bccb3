import type { Progress } from '@headstart/artifacts';
import type { TargetData } from '../domains/target-domain.ts';
import type { Cleaned } from '../inspection/cleaned.ts';
import type { View } from '../inspection/looked-at.ts';
import { CLEANINGS, type Cleaning } from '../options/cleanings.ts';
import { leaveOutBlank } from './leave-out-blank.ts';
import { leaveOutDoubledBoxes } from './leave-out-doubled-boxes.ts';
import { leaveOutDuplicates } from './leave-out-duplicates.ts';
import { leaveOutMissing } from './leave-out-missing.ts';
import { leaveOutSmallClasses } from './leave-out-small-classes.ts';
import { mergeLabels } from './merge-labels.ts';

/** Data after a cleaning, and what was done to them. */
export interface CleanedData {
  readonly data: TargetData;
  readonly samples: number;
  readonly message: string;
}

/** What a cleaning needs to know beside the data. */
export interface CleaningContext {
  readonly view: View;
  readonly progress: Progress;
}

export type DataCleaning = (data: TargetData, context: CleaningContext) => CleanedData | Promise<CleanedData>;

/** What acts on data before they are split. Balance is a matter of the training split alone: see `splitTarget`. */
const cleanings: Readonly<Record<Exclude<Cleaning, 'imbalance'>, DataCleaning>> = {
  'missing-labels': leaveOutMissing,
  'near-equal-labels': mergeLabels,
  'blank-images': leaveOutBlank,
  'doubled-boxes': leaveOutDoubledBoxes,
  duplicates: leaveOutDuplicates,
  'small-classes': leaveOutSmallClasses,
};

/**
 * Mends data that were read, by the cleanings that were asked for. Their order is fixed, whatever the request's: names
 * first, so that two spellings of one class are no contradiction; sizes of classes last.
 */
export async function cleanTarget(
  data: TargetData,
  asked: readonly Cleaning[],
  context: CleaningContext,
): Promise<{ data: TargetData; cleaned: Cleaned[] }> {
  const cleaned: Cleaned[] = [];
  for (const code of CLEANINGS) {
    if (code === 'imbalance' || !asked.includes(code)) continue;
    const { data: next, samples, message } = await cleanings[code](data, context);
    data = next;
    cleaned.push({ code, samples, message });
  }
  return { data, cleaned };
}
