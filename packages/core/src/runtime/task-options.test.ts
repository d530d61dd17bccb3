import { expect, it } from 'vitest';
import type { Task } from '../tasks/task.ts';
import { withTaskOptions } from './task-options.ts';

const plain = { id: 'plain' } as Task;
const optional = { id: 'find', withOptions: (options: string) => ({ id: `find:${options}` }) as Task } as Task;

it('gives the task with its options, and the same one where there are none', () => {
  expect(withTaskOptions(optional, { least: '2', way: 'a' }).id).toBe('find:least=2,way=a');
  expect(withTaskOptions(plain, {})).toBe(plain);
});

it('refuses options of a task that takes none', () => {
  expect(() => withTaskOptions(plain, { least: '2' })).toThrow(
    expect.objectContaining({
      code: 'invalid-option',
      message: 'The task "plain" takes no options, and there is least=2.',
    }),
  );
});
