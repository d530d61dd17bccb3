import { everyLabelOf } from '../domains/labels-of.ts';
import { joinedLabels } from '../domains/labels.ts';
import { renumberLabels } from '../domains/renumber.ts';
import type { SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import type { TargetData, TargetDomain } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';

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
}

/** The labels of a source's own head; none where it has none. Opens the source for them. */
export async function sourceLabels(source: SourceDomain, runtime: SourceRuntime): Promise<readonly string[]> {
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

function withoutClasses(source: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The source "${source}" has no classes of its own to keep.`,
    hint: 'Choose a source that was trained on some, such as model:<folder> of a model that you trained, or leave out --keep-classes.',
  });
}
