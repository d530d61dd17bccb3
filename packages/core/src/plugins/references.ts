import { HeadstartError } from '@headstart/artifacts/errors';
import type { Reader, RegisteredDataset } from '../domains/reader.ts';
import type { SourceDomain } from '../domains/source-domain.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { named } from './owner.ts';
import type { Registries } from './registries.ts';

/** The task that data are for by what read them. @throws HeadstartError `unknown-name` naming its plugin */
export function taskFor(registries: Registries, origin: Reader | RegisteredDataset): Task {
  const kind = 'read' in origin ? 'reader' : 'data set';
  return referred(`${named(kind, origin)}: it gives data for a task that is not there.`, () =>
    registries.task(origin.task),
  );
}

/** The source that serves a task's users. @throws HeadstartError `unknown-name` naming the task's plugin */
export function defaultSource(registries: Registries, task: Task): SourceDomain {
  return referred(`${named('task', task)}: its default source is not there.`, () =>
    registries.source(task.defaults.source),
  );
}

/**
 * What a classifier adapts to unlabelled samples by where no strategy is named: with `mcc` the best of those that TLlib compares on
 * Office-31 by one code, and as quick as any.
 */
const ADAPTING = 'mdd';

/**
 * The strategy that serves a task's users, with unlabelled samples to adapt to or without.
 * @throws HeadstartError `unknown-name` naming the task's plugin
 */
export function defaultStrategy(
  registries: Registries,
  task: Task,
  { adapting = false }: { readonly adapting?: boolean } = {},
): Strategy {
  if (adapting && task.adaptation) return strategyFor(registries, task, task.adaptation.strategy);
  if (adapting && task.weighsClasses === 'one') return registries.strategy(ADAPTING);
  return referred(`${named('task', task)}: its default strategy is not there.`, () =>
    registries.strategy(task.defaults.strategy),
  );
}

/**
 * The strategy of that name, in the task's own form where it has one.
 * @throws HeadstartError `unknown-name`, `invalid-option`
 */
export function strategyFor(registries: Registries, task: Task, name: string): Strategy {
  return ownStrategy(task, name) ?? registries.strategy(name);
}

/**
 * A strategy of that name, as far as it can be told before the task is known: the registered one, or some task's own form of it.
 * @throws HeadstartError `unknown-name`, `invalid-option`
 */
export function anyStrategy(registries: Registries, name: string): Strategy {
  try {
    return registries.strategy(name);
  } catch (error) {
    for (const { value: task } of registries.tasks.list()) {
      try {
        const own = ownStrategy(task, name);
        if (own) return own;
      } catch {
        // What the registered one said of its options is what is told.
      }
    }
    throw error;
  }
}

function ownStrategy({ adaptation }: Task, name: string): Strategy | undefined {
  const [id, ...options] = name.split(':');
  const own = adaptation?.strategies.find((strategy) => strategy.id === id);
  return own && options.length > 0 ? own.withOptions?.(options.join(':')) : own;
}

/** The task that a task leaves some data to. @throws HeadstartError `unknown-name` naming the task's plugin */
export function variantOf(registries: Registries, task: Task, id: string): Task {
  return referred(`${named('task', task)}: it leaves these data to a task that is not there.`, () =>
    registries.task(id),
  );
}

/** What one plugin names of another's: where it is missing, the user may have to add the other. */
function referred<T>(context: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!HeadstartError.is(error) || error.code !== 'unknown-name') throw error;
    throw new HeadstartError({
      code: 'unknown-name',
      message: `${context} ${error.message}`,
      hint: `Add the plugin that has it, or name another yourself. ${error.hint}`,
      install: error.install,
      cause: error,
    });
  }
}
