import type { Progress } from '@headstart/artifacts';
import { cleanTarget } from '../cleaning/clean-target.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Cleaned } from '../inspection/cleaned.ts';
import type { View } from '../inspection/looked-at.ts';
import type { Cleaning } from '../options/cleanings.ts';
import type { TransferOptions } from '../options/transfer-options.ts';
import { named } from '../plugins/owner.ts';
import { taskFor, variantOf } from '../plugins/references.ts';
import type { Task } from '../tasks/task.ts';
import { GROUP_COLUMN } from '../tables/group-column.ts';
import { forgetting } from './memo.ts';
import { readTarget, type ReadServices, type ReadTarget } from './read-target.ts';

/** Which data are read, and how. */
export type PrepareRequest = { readonly target: string } & Pick<
  TransferOptions,
  'task' | 'reader' | 'readerOptions' | 'skipBad' | 'clean' | 'groupColumn'
>;

/** Data as they were read and cleaned, and the task that learns from them. */
export interface PreparedTarget {
  readonly read: ReadTarget;
  readonly data: TargetData;
  readonly cleaned: readonly Cleaned[];
  readonly task: Task;
}

/**
 * Reads a target, mends it as asked for, and finds the task that learns from it.
 * @throws HeadstartError `target-*`, `unknown-name`; `not-supported` where the task is about other data than were read
 */
export async function prepareTarget(
  services: ReadServices & { readonly progress: Progress },
  request: PrepareRequest,
): Promise<PreparedTarget> {
  const { registries, progress } = services;
  const { skipBad = false, readerOptions, clean = [], groupColumn } = request;
  const options = { ...readerOptions, ...(groupColumn !== undefined && { [GROUP_COLUMN]: groupColumn }) };
  const wanted = request.task === undefined ? undefined : registries.task(request.task);
  const read = await readTarget(services, request, { skipBad, options, progress }).catch((error: unknown) => {
    throw groupColumn === undefined ? error : withoutColumns(error);
  });
  if (groupColumn !== undefined) checkGrouped(read, groupColumn);
  const fitting = wanted ?? taskFor(registries, read.origin);
  checkModality(fitting, read);
  const { data, cleaned } = await mendedTarget(services, read, fitting, clean);
  const task = fitting.variant ? variantOf(registries, fitting, fitting.variant(data)) : fitting;
  return { read, data, cleaned, task };
}

/** @throws HeadstartError `invalid-option` where no sample has a group */
function checkGrouped({ data, reader = data.reader }: ReadTarget, column: string): void {
  if (data.samples.some(({ sample }) => sample.group !== undefined)) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${data.id}: no sample is in a group: the reader ${reader} found none in a column "${column}".`,
    hint: NO_COLUMN,
  });
}

const NO_COLUMN =
  'Tables of texts, of pictures and of boxes have such columns, whose cells say what a row is a part of; elsewhere tell groups by the names of samples, with --group-by.';

/** The error of a reader that has no such option, with what to do in its place. */
function withoutColumns(error: unknown): unknown {
  if (!HeadstartError.is(error) || error.code !== 'unknown-name' || !error.message.includes(GROUP_COLUMN)) return error;
  return new HeadstartError({
    code: 'invalid-option',
    message: `There is no column of groups in these data: ${error.message}`,
    hint: NO_COLUMN,
    cause: error,
  });
}

/** Data as they were read, with what was mended in them. */
export type MendedTarget = Pick<PreparedTarget, 'data' | 'cleaned'>;

/** Mends data that were read. */
export function mendedTarget(
  { progress, memo = forgetting }: ReadServices & { readonly progress: Progress },
  { data, location, reader, how }: ReadTarget,
  task: Task,
  cleanings: readonly Cleaning[],
): Promise<MendedTarget> {
  const key = ['mend', location, reader, how, task.id, cleanings];
  return memo(key, () => cleanTarget(data, cleanings, { view: viewOf(task), progress }));
}

/** How a task shows samples. */
export function viewOf(task: Task): View {
  return (sample) => task.view?.(sample) ?? {};
}

/** @throws HeadstartError `not-supported` where the task is about other data than were read */
function checkModality(task: Task, { data, origin }: ReadTarget): void {
  if (data.modality === task.modality) return;
  const reader = named('read' in origin ? 'reader' : 'data set', origin);
  throw new HeadstartError({
    code: 'not-supported',
    message: `${reader}: it gives ${data.modality} data; the task "${task.id}" is about ${task.modality} data.`,
    hint: `Choose a task for ${data.modality} data, or another --reader.`,
  });
}
