import { existsSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Artifacts } from '@headstart/artifacts';
import type { Reader, ReadOptions, RegisteredDataset } from '../domains/reader.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import { checkTruth } from '../plugins/guard-data.ts';
import { named } from '../plugins/owner.ts';
import type { Registries } from '../plugins/registries.ts';
import type { ResolvedChoice } from '../runs/choice.ts';

export interface TargetRequest {
  /** A path, or the id of a registered data set. */
  readonly target: string;
  readonly reader?: string;
  /** Whether what is known of the samples is of interest; it is, where absent. */
  readonly truth?: boolean;
}

export interface ReadTarget {
  readonly data: TargetData;
  /** What read the data: it says which task fits them. */
  readonly origin: Reader | RegisteredDataset;
  /** The id of the data set, or the absolute path. */
  readonly location: string;
  /** The id of the reader that read the path; absent for a registered data set. */
  readonly reader?: string;
  readonly choice: ResolvedChoice;
}

/**
 * Reads target data: a registered data set by its id, else what is at the path, by the reader
 * that is surest to understand it.
 *
 * @throws HeadstartError `target-*`, `unknown-name`
 */
export async function readTarget(
  registries: Registries,
  artifacts: Artifacts,
  request: TargetRequest,
  options: ReadOptions,
): Promise<ReadTarget> {
  const { target, truth = true } = request;
  const dataset = registries.datasets.find(target);
  if (dataset && !existsSync(target)) {
    const data = await dataset.load({ artifacts }, options);
    if (truth) checkTruth(data, dataset);
    const choice = { what: 'reader', value: data.reader, why: `data set ${target}` } as const;
    return { data, origin: dataset, location: target, choice };
  }
  const path = resolve(target);
  if (!existsSync(path)) throw notFound(registries, target);
  const { reader, why } = await chooseReader(registries, path, request.reader);
  const data = await reader.read(path, options);
  if (truth) checkTruth(data, reader);
  return {
    data: { ...data, id: data.id || basename(path) },
    origin: reader,
    location: path,
    reader: reader.id,
    choice: { what: 'reader', value: reader.id, why },
  };
}

async function chooseReader(registries: Registries, path: string, wanted: string | undefined) {
  if (wanted !== undefined) return { reader: registries.readers.get(wanted), why: 'asked for' };
  const readers = registries.readers.list().map(({ value }) => value);
  const sure = await Promise.all(readers.map((reader) => reader.detect(path)));
  const best = sure.indexOf(Math.max(...sure));
  const reader = readers[best];
  if (reader && sure[best]! > 0) {
    const looks = `${basename(path)} looks like ${reader.description.charAt(0).toLowerCase()}${reader.description.slice(1)}`;
    const alike = readers.filter((other, i) => other !== reader && sure[i] === sure[best]);
    return { reader, why: alike.length === 0 ? looks : `${looks}; ${tie(reader, alike)}` };
  }
  const empty = await holdsNoFile(path);
  throw new HeadstartError({
    code: empty ? 'target-empty' : 'target-unreadable',
    message: empty ? `There is no file in ${path}.` : `No reader understands ${path}.`,
    hint: `Give data that one of these reads, or name it with --reader: ${readers.map(({ id, description }) => `${id} (${description})`).join('; ')}.`,
  });
}

/** That others are as sure as the reader that was added first, and is taken. */
function tie(reader: Reader, others: readonly Reader[]): string {
  const names = others.map((other) => named('reader', other)).join(' and ');
  return `${names} ${others.length === 1 ? 'is' : 'are'} as sure as ${named('reader', reader)}, which was added first: --reader chooses`;
}

/** Whether a path is a folder of nothing but folders. */
async function holdsNoFile(path: string): Promise<boolean> {
  try {
    for await (const entry of await opendir(path, { recursive: true })) if (!entry.isDirectory()) return false;
    return true;
  } catch {
    return false; // no folder, or not to be listed: something else is wrong than that it is empty
  }
}

function notFound(registries: Registries, target: string): HeadstartError {
  const nearest = nearestName(target, registries.datasets.names());
  return new HeadstartError({
    code: 'target-not-found',
    message: `There is nothing at ${resolve(target)}, and no registered data set is called "${target}".`,
    hint: nearest
      ? `Did you mean the data set "${nearest}"?`
      : `Give a path, or one of the data sets: ${registries.datasets.names().join(', ') || 'none is registered'}.`,
  });
}
