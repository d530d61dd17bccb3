import { expect, it } from 'vitest';
import { terminalProgress } from './terminal-progress.ts';

/** What is written to a terminal, or elsewhere, on a clock that the test moves. */
function record(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const progress = terminalProgress({ isTTY, columns, write: (text: string) => written.push(text) }, () => clock.ms);
  return { written, clock, progress };
}

it('writes a line every five seconds where there is no terminal, beside the start and the end', () => {
  const { written, clock, progress } = record(false);
  const task = progress.start({ label: 'weights', total: 20_000_000, unit: 'bytes' });
  for (const [ms, done] of [
    [1000, 500_000],
    [5000, 2_000_000],
    [9999, 2_500_000],
    [10_000, 3_000_000],
    [15_000, 20_000_000],
  ] as const) {
    clock.ms = ms;
    task.update(done);
  }
  task.end();
  expect(written).toEqual([
    'weights …\n',
    'weights: 2.0 of 20.0 MB\n',
    'weights: 3.0 of 20.0 MB\n',
    'weights: done, 20.0 MB\n',
  ]);
});

it('redraws one line on a terminal, also where the total is unknown', () => {
  const { written, progress } = record(true);
  const task = progress.start({ label: 'images', unit: 'images' });
  task.update(3, 'reading');
  task.end();
  expect(written).toEqual([
    '\r\u001b[Kimages …',
    '\r\u001b[Kimages: 3 images, reading',
    '\r\u001b[K',
    'images: done, 3 images\n',
  ]);
});

it('keeps to the width of the terminal', () => {
  const { written, progress } = record(true, 12);
  progress.start({ label: 'a long name', total: 2, unit: 'images' }).update(1);
  expect(written).toEqual(['\r\u001b[Ka long name', '\r\u001b[Ka long name']);
});

it.each([
  [true, ['\r\u001b[Ktrain 1/3 …', '\r\u001b[Ktrain 1/3: 2 of 2 steps', '\r\u001b[K']],
  [false, []],
])('lets steps of training pass without a line that stays (terminal: %s)', (isTTY, expected) => {
  const { written, clock, progress } = record(isTTY);
  const task = progress.start({ label: 'train 1/3', total: 2, unit: 'steps' });
  clock.ms = 60_000;
  task.update(2);
  task.end();
  expect(written).toEqual(expected);
});

it('names no amount where the work gave none', () => {
  const { written, progress } = record(false);
  progress.start({ label: 'download data', unit: 'bytes' }).end();
  expect(written).toEqual(['download data …\n', 'download data: done\n']);
});
