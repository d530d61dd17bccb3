import { HeadstartError } from '@headstart/artifacts/errors';
import type { Head } from '../network/head.ts';
import type { Task } from '../tasks/task.ts';
import { mergedLogits } from '../tasks/merged-outputs.ts';
import type { UnsavedCard } from './card-schema.ts';

/** The labels that the head of a saved model was trained on. */
export function trainedLabels({ labels, relabelled }: Pick<UnsavedCard, 'labels' | 'relabelled'>): readonly string[] {
  return relabelled?.labels ?? labels;
}

/** Whether labels of a model have become one since it was trained. */
export function hasMerged({ labels, relabelled }: Pick<UnsavedCard, 'labels' | 'relabelled'>): boolean {
  return relabelled !== undefined && relabelled.places.length > labels.length;
}

/**
 * The head as it was trained, where labels of the model have become one behind what puts their logits together: no longer
 * a head of its class, since whoever knows that would see its weights alone.
 * @throws HeadstartError `not-supported` for a task that cannot merge labels
 */
export function relabelledHead(head: Head, task: Task, card: UnsavedCard): Head {
  const { relabelled } = card;
  if (!relabelled || !hasMerged(card)) return head;
  const { mergeLogits } = task;
  if (!mergeLogits) throw cannotMerge(task);
  return {
    name: head.name,
    variables: head.variables,
    initialise: (random) => head.initialise(random),
    forward(inputs, mode) {
      const outputs = head.forward(inputs, mode);
      const merged = mergeLogits.outputs.map((name) => [
        name,
        mergedLogits(outputs[name]!, relabelled.places, mergeLogits.merge),
      ]);
      return { ...outputs, ...(Object.fromEntries(merged) as typeof outputs) };
    },
  };
}

/** The error for labels that cannot become one. */
export function cannotMerge({ id }: Task): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The task "${id}" cannot have several of its labels become one.`,
    hint: 'Rename labels only, or train on data in which they are one.',
  });
}
