import { everyLabelOf } from '../domains/labels-of.ts';
import { joinedLabels } from '../domains/labels.ts';
import { renumberLabels } from '../domains/renumber.ts';
import type { SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import type { TargetData, TargetDomain } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { placesOf } from '../network/class-names.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';

/** Classes that a choice names. */
const NAMED = 5;

/**
 * Checks as much as is chosen already.
 * @throws HeadstartError `not-supported`, `invalid-option` where the source's classes cannot be kept
 */
export function checkKeeping(task?: Task, strategy?: Strategy): void {
  if (task && !task.keepClasses) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The task "${task.id}" cannot learn new classes beside those of the source.`,
      hint: 'Leave out --keep-classes, or train on samples of the old classes, too.',
    });
  }
  if (strategy?.start === 'random') {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The strategy "${strategy.id}" starts from random weights, which know no classes to keep.`,
      hint: 'Leave out --keep-classes, or choose a --strategy that starts from the source.',
    });
  }
  if (strategy?.bottleneck) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The strategy "${strategy.id}" puts a new layer below the head, which the source's classes cannot be kept on.`,
      hint: 'Leave out --keep-classes, or choose a --strategy without a bottleneck, such as linear-probe or fine-tune.',
    });
  }
}

/** The labels of a source's own head; none where it has none. Opens the source for them where it does not say. */
export async function sourceLabels(source: SourceDomain, runtime: SourceRuntime): Promise<readonly string[]> {
  if (source.trained) return source.trained.labels;
  const backbone = await source.open(runtime, { weights: 'published' });
  const labels = backbone.sourceHead?.labels ?? [];
  backbone.dispose();
  return labels;
}

/**
 * The data with the source's labels before their own; a label of the same name is one of the source's.
 * @throws HeadstartError `not-supported` for a source without labels, `label-invalid` for two of the data that are one of the source
 */
export function besideSourceClasses(
  data: TargetData,
  source: SourceDomain,
  labels: readonly string[],
): { data: TargetData; known: ReadonlySet<number> } {
  if (labels.length === 0) throw withoutClasses(source.id);
  return { data: renumberLabels(data, joinedLabels(labels, data.labels)), known: new Set(labels.keys()) };
}

/** The known labels, ascending, that no training sample has. */
export function retainedClassesOf({ splits: { train } }: TargetDomain, known: ReadonlySet<number>): number[] {
  const retained = new Set(known);
  for (let i = 0; i < train.length; i++) for (const label of everyLabelOf(train.get(i))) retained.delete(label);
  return [...retained].sort((a, b) => a - b);
}

/** What becomes of what the head of a trained model knows where its classes are not kept; nothing to say of other sources. */
export function headChoice(
  { id, trained }: SourceDomain,
  task: Task,
  labels: readonly string[],
  strategy: Strategy,
): ResolvedChoice[] {
  if (!trained || strategy.start === 'random') return [];
  const goesOn =
    task.keepClasses !== undefined && !trained.merged && placesOf(labels, trained.labels).some((place) => place >= 0);
  if (!goesOn && (trained.task !== task.id || task.keepClasses))
    return [
      { what: 'head', value: 'new', why: `${id} was trained for ${trainedFor(trained)}, of which nothing is kept` },
    ];
  if (!goesOn) return [];
  const known = placesOf(trained.labels, labels);
  const dropped = trained.labels.filter((_, i) => known[i]! < 0);
  const [shared, added] = [
    trained.labels.length - dropped.length,
    labels.length - trained.labels.length + dropped.length,
  ];
  const parts = [`${shared} of ${id} learned on`, ...(added > 0 ? [`${added} new`] : [])];
  if (dropped.length === 0) return [{ what: 'classes', value: parts.join(', '), why: 'its head goes on' }];
  const names = dropped.slice(0, NAMED).join(', ') + (dropped.length > NAMED ? ', …' : '');
  return [
    { what: 'classes', value: [...parts, `${dropped.length} dropped`].join(', '), why: `the data have no ${names}` },
  ];
}

function trainedFor({ task, labels }: NonNullable<SourceDomain['trained']>): string {
  if (labels.length === 0) return task;
  const names = labels.slice(0, NAMED).join(', ') + (labels.length > NAMED ? ', …' : '');
  return `${task} of ${names}`;
}

function withoutClasses(source: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The source "${source}" has no classes of its own to keep.`,
    hint: 'Choose a source that was trained on some, such as model:<folder> of a model that you trained, or leave out --keep-classes.',
  });
}
