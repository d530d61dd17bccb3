import { HeadstartError } from '@headstart/artifacts/errors';
import type { SourceDomain } from '../domains/source-domain.ts';
import type { Task } from '../tasks/task.ts';
import type { ModelCard } from './card-schema.ts';

/** Finds the parts that a card names. */
export interface ModelParts {
  /** @throws HeadstartError `unknown-name` */
  readonly source: (id: string) => SourceDomain;
  /** @throws HeadstartError `unknown-name` */
  readonly task: (id: string) => Task;
  /** How a plugin that is not here is had: a sentence, and the package to install. */
  readonly howToGet: (plugin: string, version: string) => { readonly hint: string; readonly install?: string };
}

/** The id of the source that has a saved model's architecture. */
export function originOf({ source }: ModelCard): string {
  return source.origin ?? source.id;
}

/** The task of a saved model. @throws HeadstartError `unknown-name` that says which plugin had it, in which version */
export function taskOf(directory: string, card: ModelCard, parts: ModelParts): Task {
  return partOf({ directory, card, parts, kind: 'task', id: card.task }, () => parts.task(card.task));
}

/** A source that a saved model is built on. @throws HeadstartError `unknown-name` that says which plugin had it, in which version */
export function sourceOf(directory: string, card: ModelCard, parts: ModelParts, id: string): SourceDomain {
  return partOf({ directory, card, parts, kind: 'source', id }, () => parts.source(id));
}

interface Wanted {
  readonly directory: string;
  readonly card: ModelCard;
  readonly parts: ModelParts;
  readonly kind: 'task' | 'source';
  readonly id: string;
}

function partOf<T>({ directory, card, parts, kind, id }: Wanted, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(HeadstartError.is(error) && error.code === 'unknown-name')) throw error;
    const origin = card.provenance?.plugins[kind];
    // A model trained on another has core's own scheme as its source's plugin, which says nothing of the first source.
    const known = origin && id === (kind === 'task' ? card.task : card.source.id) ? origin : undefined;
    const { hint, install } = known
      ? parts.howToGet(known.plugin, known.version)
      : {
          hint: `Add the plugin that has it, in the version that the model was trained with. ${error.hint}`,
          install: error.install,
        };
    const whose = known ? ` It was trained with ${known.plugin} ${known.version}.` : '';
    throw new HeadstartError({
      code: 'unknown-name',
      message: `The model in ${directory} ${kind === 'task' ? 'is for' : 'is built on'} the ${kind} "${id}", which no plugin here has.${whose}`,
      hint,
      install,
      cause: error,
    });
  }
}
