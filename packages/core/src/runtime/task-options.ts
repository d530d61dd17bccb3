import { HeadstartError } from '@headstart/artifacts/errors';
import { namedOptions } from '../options/named-options.ts';
import type { Task } from '../tasks/task.ts';

/** The task with more options, those of its name staying where they are not given anew. @throws HeadstartError `invalid-option` */
export function withTaskOptions(task: Task, options: Readonly<Record<string, string>>): Task {
  if (Object.keys(options).length === 0) return task;
  if (task.withOptions) return task.withOptions(namedOptions(options));
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The task "${task.id}" takes no options, and there is ${namedOptions(options)}.`,
    hint: 'Leave them out; "headstart tasks" says which tasks take some.',
  });
}
