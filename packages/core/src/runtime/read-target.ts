import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Artifacts } from '@headstart/artifacts';
import type { DetectOptions, Reader, ReadOptions, RecognisedLayout, RegisteredDataset } from '../domains/reader.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import { checkTruth } from '../plugins/guard-data.ts';
import { named } from '../plugins/owner.ts';
import { offerOf } from '../plugins/package-offer.ts';
import type { Registries } from '../plugins/registries.ts';
import { unknownPart } from '../plugins/unknown-part.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import { archiveInPlaceOfData } from './archive-in-place.ts';
import { archiveAt, openArchiveTarget, type ArchiveTarget } from './archive-target.ts';
import { heardOptions } from './heard-options.ts';
import { forgetting, type Memo } from './memo.ts';
import { glanceAt, type Glance } from './offered-reader.ts';

export interface TargetRequest {
  /** A path, or the id of a registered data set. */
  readonly target: string;
  readonly reader?: string;
  /** The id of the task that the data are for: only readers of such data are asked. */
  readonly task?: string;
  /** Whether what is known of the samples is of interest; it is, where absent. */
  readonly truth?: boolean;
}

/** A target, and what is wanted of its samples. */
type AskedTarget = TargetRequest & { readonly wanted?: DetectOptions };

/** What reading works with. */
export interface ReadServices {
  readonly registries: Registries;
  readonly artifacts: Artifacts;
  /** Where what was read is kept; nowhere where absent. */
  readonly memo?: Memo;
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
  /** The options that what was read depends on. */
  readonly how: unknown;
}

/**
 * Reads target data: a registered data set by its id, else what is at the path, by the reader
 * that is surest to understand it.
 *
 * @throws HeadstartError `target-*`, `unknown-name`
 */
export async function readTarget(
  services: ReadServices,
  request: TargetRequest,
  options: ReadOptions,
): Promise<ReadTarget> {
  const { target, reader, task, truth } = request;
  const { memo = forgetting } = services;
  const { skipBad, withoutLabels = false, sealed = false, options: named } = options;
  const how = { skipBad, withoutLabels, ...(sealed && { sealed }), options: named };
  const read = await memo(['target', target, reader, task, truth, how], () =>
    readAnew(services, request, options, how),
  );
  return { ...read, how };
}

async function readAnew(
  { registries, artifacts, memo = forgetting }: ReadServices,
  request: TargetRequest,
  options: ReadOptions,
  how: unknown,
): Promise<Omit<ReadTarget, 'how'>> {
  const { target, truth = true } = request;
  const dataset = registries.datasets.find(target);
  if (dataset && !existsSync(target)) {
    const data = await memo(['data set', target, how], async () => {
      const heard = heardOptions(options.options);
      const loaded = await dataset.load({ artifacts }, { ...options, options: heard.options });
      return withWarnings(loaded, heard.unheard(loaded.reader));
    });
    if (truth) checkTruth(data, dataset);
    const choice = { what: 'reader', value: data.reader, why: `data set ${target}` } as const;
    return { data, origin: dataset, location: target, choice };
  }
  const asked = { ...request, wanted: { withoutLabels: options.withoutLabels } };
  const { path, place, archive, reading } = await placeOfTarget({ registries, artifacts }, asked);
  return reading(async () => {
    const { reader, why } = await chooseReader(registries, place, asked, basename(path));
    const data = await memo(['read', place, reader.id, how], async () => {
      const heard = heardOptions(options.options);
      const found = await reader.read(place, { ...options, options: heard.options });
      return withWarnings(found, heard.unheard(reader.id));
    });
    if (truth) checkTruth(data, reader);
    return {
      data: { ...data, id: archive?.id ?? (data.id || basename(path)) },
      origin: reader,
      location: path,
      reader: reader.id,
      choice: { what: 'reader', value: reader.id, why: archive ? `${why}, unpacked` : why },
    };
  });
}

/** Where data lie that are no registered data set. */
export interface TargetPlace {
  /** As it was given, made absolute. */
  readonly path: string;
  /** The path itself, or where the archive is unpacked. */
  readonly place: string;
  readonly archive?: ArchiveTarget;
  /** Runs what reads the data; errors name the path that was given. */
  readonly reading: ArchiveTarget['reading'];
}

/** Whether a target names a registered data set, and nothing that lies there. */
export function isDataset(registries: Registries, target: string): boolean {
  return registries.datasets.find(target) !== undefined && !existsSync(target);
}

/** Where the data lie at a target's path: unpacked, where they are an archive that no reader takes as it is. @throws HeadstartError `target-*` */
export async function placeOfTarget(
  { registries, artifacts }: Pick<ReadServices, 'registries' | 'artifacts'>,
  request: AskedTarget,
): Promise<TargetPlace> {
  const path = resolve(request.target);
  if (!existsSync(path)) throw notFound(registries, request.target);
  await refuseSpecial(path);
  const form = await archiveAt(path);
  if (form === undefined || (await isReadAsItIs(registries, path, request)))
    return { path, place: path, reading: (read) => read() };
  const archive = await openArchiveTarget(path, form, artifacts);
  return { path, place: archive.path, archive, reading: archive.reading };
}

function withWarnings(data: TargetData, more: readonly DataWarning[]): TargetData {
  if (more.length === 0) return data;
  return { ...data, notes: { ...data.notes, warnings: [...(data.notes?.warnings ?? []), ...more] } };
}

/** @throws HeadstartError `target-unreadable` for a pipe, a socket or a device, which nobody may open */
async function refuseSpecial(path: string): Promise<void> {
  const found = await stat(path);
  if (found.isFile() || found.isDirectory()) return;
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is a pipe, a socket or a device, not a file or a folder.`,
    hint: 'Save the data to a file, and give its path.',
  });
}

/** Whether a reader is sure of an archive as it is. */
async function isReadAsItIs(
  registries: Registries,
  path: string,
  { reader, task, wanted }: AskedTarget,
): Promise<boolean> {
  const readers = reader === undefined ? readersFor(registries, task) : [registries.readers.get(reader)];
  const sure = await Promise.all(readers.map((each) => each.detect(path, wanted)));
  return sure.some((one) => one >= SURER_THAN_FOLDERS);
}

/** @param name of the target, for people */
async function chooseReader(
  registries: Registries,
  path: string,
  { reader: named, task, wanted }: AskedTarget,
  name: string,
) {
  if (named !== undefined) return { reader: registries.readers.get(named), why: 'asked for' };
  const readers = readersFor(registries, task);
  const sure = await Promise.all(readers.map((reader) => reader.detect(path, wanted)));
  const best = sure.indexOf(Math.max(...sure));
  const reader = sure[best]! > 0 ? readers[best] : undefined;
  const glance = reader && sure[best]! >= SURER_THAN_FOLDERS ? undefined : await glanceAt(path, registries.offers);
  if (glance?.byLayout) throw otherLayout(path, glance.byLayout, reader);
  // A reader that is not sure of the data may know their layout better than one that takes anything of its kind.
  const unsureFirst = readers.map((_, i) => i).sort((a, b) => sure[a]! - sure[b]!);
  const asked = unsureFirst.map((i) => readers[i]!);
  const recognised = glance && (await firstRecognised(asked, path, wanted));
  if (recognised) throw notRead(path, recognised, reader);
  if (!reader) throw (await archiveInPlaceOfData(path)) ?? notUnderstood(path, readers, glance!);
  const looks = `${name} looks like ${withinSentence(reader.description)}`;
  const alike = readers.filter((other, i) => other !== reader && sure[i] === sure[best]);
  return { reader, why: alike.length === 0 ? looks : `${looks}; ${tie(reader, alike)}` };
}

/** The readers whose data the task learns from: those made for it, else all of its modality; all where there is no task. */
function readersFor(registries: Registries, task: string | undefined): Reader[] {
  const readers = registries.readers.list().map(({ value }) => value);
  const wanted = task === undefined ? undefined : registries.task(task);
  if (!wanted) return readers;
  const alike = readers.filter(({ modality }) => modality === wanted.modality);
  const made = alike.filter((reader) => reader.task === wanted.id);
  return made.length > 0 ? made : alike;
}

async function firstRecognised(
  readers: readonly Reader[],
  path: string,
  wanted: AskedTarget['wanted'],
): Promise<RecognisedLayout | undefined> {
  for (const reader of readers) {
    const layout = await reader.recognise?.(path, wanted);
    if (layout) return layout;
  }
  return undefined;
}

/** The data are of a layout that nobody reads; another reader would take them for something else. */
function notRead(path: string, { layout, hint }: RecognisedLayout, reader: Reader | undefined): HeadstartError {
  const otherwise = reader && ` To have the data read as ${reader.id} does all the same: --reader ${reader.id}.`;
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} has ${layout}, which is not read.`,
    hint: `${hint}${otherwise ?? ''}`,
  });
}

/** How sure a reader is that knows a layout by its files, and not by the names of folders and files. */
const SURER_THAN_FOLDERS = 0.85;

/** The data are of a layout that a package not in use reads; another reader would take them for something else. */
function otherLayout(
  path: string,
  { offer, layout, file }: NonNullable<Glance['byLayout']>,
  reader: Reader | undefined,
): HeadstartError {
  const otherwise = reader && ` To have them read as ${reader.id} does all the same: --reader ${reader.id}.`;
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} has ${layout.what} (${file}), which ${offer.name} reads.`,
    install: offer.missing ? offer.name : undefined,
    hint: `${offer.how}${otherwise ?? ''}`,
  });
}

function notUnderstood(path: string, readers: readonly Reader[], { empty, byEnding: offer }: Glance): HeadstartError {
  return new HeadstartError({
    code: empty ? 'target-empty' : 'target-unreadable',
    message: empty ? `There is no file in ${path}.` : `No reader understands ${path}.`,
    install: offer?.missing ? offer.name : undefined,
    hint: `${offer ? `${offer.name} reads such files. ${offer.how} Or: ` : ''}Give data that one of these reads, or name it with --reader: ${readers.map(({ id, description }) => `${id} (${description})`).join('; ')}.`,
  });
}

/** A description without its capital, unless it begins with a name such as COCO. */
function withinSentence(description: string): string {
  return /^\p{Lu}(?!\p{Lu})/u.test(description)
    ? description.charAt(0).toLowerCase() + description.slice(1)
    : description;
}

/** That others are as sure as the reader that was added first, and is taken. */
function tie(reader: Reader, others: readonly Reader[]): string {
  const names = others.map((other) => named('reader', other)).join(' and ');
  return `${names} ${others.length === 1 ? 'is' : 'are'} as sure as ${named('reader', reader)}, which was added first: --reader chooses`;
}

function notFound(registries: Registries, target: string): HeadstartError {
  const offer = offerOf(registries.offers, 'datasets', target);
  if (offer) return unknownPart('data set', target, registries.datasets.names(), registries.offers);
  const nearest = nearestName(target, registries.datasets.names());
  return new HeadstartError({
    code: 'target-not-found',
    message: `There is nothing at ${resolve(target)}, and no registered data set is called "${target}".`,
    hint: nearest
      ? `Did you mean the data set "${nearest}"?`
      : `Give a path, or one of the data sets: ${registries.datasets.names().join(', ') || 'none is registered'}.`,
  });
}
