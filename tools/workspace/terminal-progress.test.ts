import { expect, it } from 'vitest';
import { terminalProgress } from './terminal-progress.ts';

function record(isTTY: boolean) {
  const written: string[] = [];
  return { written, terminal: { isTTY, write: (text: string) => written.push(text) } };
}

it('writes a line at each tenth where there is no terminal', () => {
  const { written, terminal } = record(false);
  const task = terminalProgress(terminal).start({ label: 'weights', total: 20_000_000, unit: 'bytes' });
  for (const done of [500_000, 2_000_000, 2_500_000, 20_000_000]) task.update(done);
  task.end();
  expect(written).toEqual([
    'weights …\n',
    'weights: 2.0 of 20.0 MB\n',
    'weights: 20.0 of 20.0 MB\n',
    'weights: done, 20.0 MB\n',
  ]);
});

it('redraws one line on a terminal, also where the total is unknown', () => {
  const { written, terminal } = record(true);
  const task = terminalProgress(terminal).start({ label: 'images', unit: 'images' });
  task.update(3, 'reading');
  task.end();
  expect(written).toEqual(['images …', '\r\u001b[Kimages: 3 images, reading', '\r\u001b[Kimages: done, 3 images\n']);
});
