import { expect, it } from 'vitest';
import { trainedOnWarning } from './trained-on-warning.ts';

const run = (test: string, judged: number, judgedAndTrained?: number) => ({
  train: 'a',
  test,
  samples: { train: 16, judged, ...(judgedAndTrained !== undefined && { judgedAndTrained }) },
});

it('tells of runs that were judged on what they were trained on, by the worst of them', () => {
  expect(trainedOnWarning([run('b', 100), run('c', 1000)])).toBeUndefined();
  expect(trainedOnWarning([run('b', 1000, 3), run('a', 1000, 1000), run('c', 50)])).toMatch(
    /^2 of 3 runs were judged on samples that they were trained on \(a → a: 1,000 of 1,000\): .*split/,
  );
});
