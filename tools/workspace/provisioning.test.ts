import { HeadstartError, silentProgress } from '@headstart/core';
import { expect, it } from 'vitest';
import { provision } from './provisioning.ts';

it('runs every step and reports each, a failure with its remedy', async () => {
  const lines: string[] = [];
  const failed = await provision(
    [
      { label: 'library', run: async () => 'in the cache' },
      {
        label: 'weights',
        run: () =>
          Promise.reject(
            new HeadstartError({
              code: 'artifact-unreachable',
              message: 'No registry answers.',
              hint: 'Check the proxy.',
            }),
          ),
      },
      { label: 'data', run: async () => 'fetched' },
    ],
    silentProgress,
    (line) => lines.push(line),
  );
  expect(failed).toBe(1);
  expect(lines).toEqual([
    'library: in the cache',
    'weights: failed. No registry answers. (artifact-unreachable)\n  Check the proxy.',
    'data: fetched',
  ]);
});
