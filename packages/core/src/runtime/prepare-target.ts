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
import { forgetting } from './memo.ts';
import { readTarget, type ReadServices, type ReadTarget } from './read-target.ts';

/** Which data are read, and how. */
export type PrepareRequest = { readonly target: string } & Pick<
  TransferOptions,
  'task' | 'reader' | 'readerOptions' | 'skipBad' | 'clean'
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
  const { skipBad = false, readerOptions: options = {}, clean = [] } = request;
  const wanted = request.task === undefined ? undefined : registries.task(request.task);
  const read = await readTarget(services, request, { skipBad, options, progress });
  const fitting = wanted ?? taskFor(registries, read.origin);
  checkModality(fitting, read);
  const { data, cleaned } = await mendedTarget(services, read, fitting, clean);
  const task = fitting.variant ? variantOf(registries, fitting, fitting.variant(data)) : fitting;
  return { read, data, cleaned, task };
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
