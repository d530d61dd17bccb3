import { basename } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { ReadOptions } from '../domains/reader.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { SkippedSample, TargetData } from '../domains/target-domain.ts';
import { placesOf } from '../network/class-names.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { UnlabelledReading } from '../runs/reading-report.ts';
import type { Task } from '../tasks/task.ts';
import { readEveryPicture } from './every-picture.ts';
import { UNUSED_OPTIONS } from './heard-options.ts';
import { forgetting } from './memo.ts';
import { isDataset, placeOfTarget, readTarget, type ReadServices } from './read-target.ts';

/** Classes and samples that a message names. */
const NAMED = 5;

/** Samples without labels, by how they are given: as they are called. */
const CALLED = {
  '--adapt': 'samples to adapt to',
  '--against': 'samples to hold others against',
  target: 'samples to adapt to',
} as const;

/** How samples to adapt to, or to hold others against, are asked for. */
interface UnlabelledRequest {
  /** The reader's id; chosen from what is there where absent. */
  readonly reader?: string;
  /** What they are given as: completes "Give … a path". Reader options are theirs where they are the target, else the labelled data's. */
  readonly of?: keyof typeof CALLED;
}

/** What the samples stand beside. */
export interface LabelledData {
  readonly task: Task;
  /** Where the names of the others' classes are known, classes that only one has are said. */
  readonly labels: readonly string[];
  /** The task that what read the labelled data is for: what is for the same gives samples of the same kind. */
  readonly madeFor: string;
}

/** Samples to adapt to, and how they were read. */
export interface ReadUnlabelled {
  readonly data: TargetData;
  readonly reading: UnlabelledReading;
  /** The reader's id; absent for a registered data set, and where every picture was taken. */
  readonly reader?: string;
  readonly choice: ResolvedChoice;
}

/**
 * Reads samples of which nothing but the contents is wanted, those to adapt to as a rule: of a task on pictures every picture at the path, whatever lies beside it; else by the reader that fits them.
 * @throws HeadstartError `target-*`, `unknown-name`; `not-supported` for data of another modality than the task's
 */
export async function readUnlabelled(
  services: ReadServices,
  adapt: string,
  { task, labels, madeFor }: LabelledData,
  { reader: wanted, of = '--adapt', ...options }: ReadOptions & UnlabelledRequest,
): Promise<ReadUnlabelled> {
  const contents = { ...options, withoutLabels: true, sealed: true };
  const pictures = wanted === undefined ? await everyPicture(services, adapt, { task, labels }, contents) : undefined;
  const { data, location, reader, why } =
    pictures ?? (await byReader(services, adapt, { task, madeFor, wanted }, contents));
  if (data.modality !== task.modality) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The ${CALLED[of]}, ${adapt}, are ${data.modality} data; the task "${task.id}" is about ${task.modality} data.`,
      hint: `Give ${of} ${task.modality} data${ofUse(of)}.`,
    });
  }
  if (data.samples.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `There are no ${CALLED[of]} in ${adapt}.`,
      hint: `Give ${of} a path or a data set with samples${ofUse(of)}.`,
    });
  }
  const ignored = data.labels.length > 0 ? `; their labels are ignored${openSet(labels, data.labels)}` : '';
  return {
    data,
    reading: readingOf(data, location, of === 'target'),
    reader,
    choice: { what: 'adapt', value: `${counted(data.samples.length)} of ${data.id}`, why: `${why}${ignored}` },
  };
}

/** Which samples serve, where that follows from what they are for. */
const ofUse = (of: keyof typeof CALLED) => (of === '--against' ? '' : ', of the kind that the model is to be used on');

interface Found {
  readonly data: TargetData;
  /** The id of the data set, or the absolute path. */
  readonly location: string;
  readonly reader?: string;
  readonly why: string;
}

/** Every picture at a path, of tasks on pictures; undefined of data sets and where there is none. */
async function everyPicture(
  { registries, artifacts, memo = forgetting }: ReadServices,
  adapt: string,
  { task, labels }: Pick<LabelledData, 'task' | 'labels'>,
  options: ReadOptions,
): Promise<Found | undefined> {
  if (task.modality !== 'image' || isDataset(registries, adapt)) return undefined;
  const { path, place, archive, reading } = await placeOfTarget({ registries, artifacts }, { target: adapt });
  const classes = task.weighsClasses === 'one' ? labels : [];
  const key = ['pictures', place, task.id, classes, options.options];
  const data = await memo(key, () => reading(() => readEveryPicture(place, task, options, classes)));
  if (!data) return undefined;
  const unpacked = archive ? ', unpacked' : '';
  return {
    data: { ...data, id: archive?.id ?? data.id },
    location: path,
    why: `every picture in ${basename(path)}${unpacked}`,
  };
}

/** By the task's own readers; else by one whose samples are of the kind of the labelled ones, or of another modality, which is refused. */
async function byReader(
  services: ReadServices,
  adapt: string,
  { task, madeFor, wanted }: Pick<LabelledData, 'task' | 'madeFor'> & { readonly wanted: string | undefined },
  options: ReadOptions,
): Promise<Found> {
  const read = (more: { readonly task?: string }) =>
    readTarget(services, { target: adapt, reader: wanted, truth: false, ...more }, options);
  const { data, location, reader, choice } = await read({ task: task.id }).catch(async (error: unknown) => {
    const other = await read({});
    if (other.data.modality !== task.modality || other.origin.task === madeFor) return other;
    throw error;
  });
  return { data, location, reader, why: choice.why };
}

function readingOf(
  { reader, samples, labels, skipped, notes: { remarks = [], table, passedOver = [], warnings = [] } = {} }: TargetData,
  target: string,
  ownOptions: boolean,
): UnlabelledReading {
  return {
    target,
    reader,
    samples: samples.length,
    ignoredLabels: labels,
    skipped,
    remarks,
    ...(table && { table }),
    passedOver,
    // Of the labelled data's options those that only their reader uses are no mistake here.
    warnings: [
      ...warnings.filter(({ code }) => ownOptions || code !== UNUSED_OPTIONS),
      ...leftOut(samples.length, skipped),
    ],
  };
}

/** That samples could not be read. */
function leftOut(read: number, skipped: readonly SkippedSample[]): DataWarning[] {
  if (skipped.length === 0) return [];
  const named = skipped.slice(0, NAMED).map(({ id, reason }) => `${id} (${reason.replace(/[.]$/, '')})`);
  const more = skipped.length > NAMED ? `, and ${skipped.length - NAMED} more` : '';
  return [
    {
      code: 'unreadable-samples',
      message: `${skipped.length} of ${read + skipped.length} cannot be read and are left out: ${named.join(', ')}${more}.`,
      hint: 'Nothing is to be done where the others show the domain; else repair these.',
      samples: skipped.slice(0, 2 * NAMED).map(({ id }) => id),
    },
  ];
}

/** What is said where the two domains have other classes: a sample of a class that is not learned is taken for one that is. */
function openSet(labels: readonly string[], others: readonly string[]): string {
  const beyond = others.filter((_, place) => placesOf(others, labels)[place]! < 0);
  if (beyond.length === 0) return '';
  const named = beyond.slice(0, NAMED).join(', ');
  const more = beyond.length > NAMED ? ` and ${beyond.length - NAMED} more` : '';
  if (beyond.length === others.length) return `, none of which is learned (${named}${more})`;
  return `; open set: there is no labelled sample of their ${named}${more}`;
}

const counted = (samples: number) => `${samples} ${samples === 1 ? 'sample' : 'samples'}`;
