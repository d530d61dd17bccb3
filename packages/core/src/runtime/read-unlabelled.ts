import { HeadstartError } from '@headstart/artifacts/errors';
import type { ReadOptions } from '../domains/reader.ts';
import type { TargetData } from '../domains/target-domain.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { Task } from '../tasks/task.ts';
import { placesOf } from '../network/class-names.ts';
import { readTarget, type ReadServices } from './read-target.ts';

/** Classes that a choice names. */
const NAMED = 5;

/** How samples to adapt to are asked for. */
interface UnlabelledRequest {
  /** The reader's id; chosen from what is there where absent. */
  readonly reader?: string;
  /** What they are given as: completes "Give … a path". */
  readonly of?: string;
}

/**
 * Reads the samples to adapt to, by the reader that fits them.
 * @param labels those of the labelled samples: where the names of the others' classes are known, classes that only one has are said
 * @throws HeadstartError `target-*`, `unknown-name`; `not-supported` for data of another modality than the task's
 */
export async function readUnlabelled(
  services: ReadServices,
  adapt: string,
  { task, labels }: { readonly task: Task; readonly labels: readonly string[] },
  { reader: wanted, of = '--adapt', ...options }: ReadOptions & UnlabelledRequest,
): Promise<{ data: TargetData; location: string; reader?: string; choice: ResolvedChoice }> {
  const { data, location, reader, choice } = await readTarget(
    services,
    { target: adapt, reader: wanted, truth: false },
    { ...options, withoutLabels: true },
  );
  if (data.modality !== task.modality) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The samples to adapt to, ${adapt}, are ${data.modality} data; the task "${task.id}" is about ${task.modality} data.`,
      hint: `Give ${of} ${task.modality} data, of the kind that the model is to be used on.`,
    });
  }
  if (data.samples.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `There is no sample to adapt to in ${adapt}.`,
      hint: `Give ${of} a path or a data set with samples of the kind that the model is to be used on.`,
    });
  }
  const ignored = data.labels.length > 0 ? `; their labels are ignored${openSet(labels, data.labels)}` : '';
  return {
    data,
    location,
    reader,
    choice: { what: 'adapt', value: `${data.samples.length} samples of ${data.id}`, why: `${choice.why}${ignored}` },
  };
}

/** What is said where the two domains have other classes: a sample of a class that is not learned is taken for one that is. */
function openSet(labels: readonly string[], others: readonly string[]): string {
  const beyond = others.filter((_, place) => placesOf(others, labels)[place]! < 0);
  if (beyond.length === 0) return '';
  const named = beyond.slice(0, NAMED).join(', ');
  const more = beyond.length > NAMED ? ` and ${beyond.length - NAMED} more` : '';
  return `; open set: there is no labelled sample of their ${named}${more}`;
}
