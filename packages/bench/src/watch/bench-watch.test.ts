import { describe, expect, it } from 'vitest';
import { BenchWatch } from './bench-watch.ts';
import { watchPage } from './watch-page.ts';
import { watchView } from './watch-view.ts';

const coordinates = {
  source: 's',
  train: 'a',
  adapt: null,
  test: 'b',
  strategy: '<b>x</b>',
  shots: 8,
  seed: 0,
} as const;
const cell = { id: '0', coordinates, seconds: 2, memory: 1, features: { computed: 0, reused: 0 } };
const error = { code: 'diverged', message: 'It diverged.', hint: 'Slower.' } as const;

function followed(): BenchWatch {
  const watch = new BenchWatch('My benchmark');
  const cells = Array.from({ length: 10 }, () => ({}) as never);
  const refused = [{ ...error, cells: [coordinates] }];
  watch.events.planned({ trials: [{ cells } as never], refused }, { done: 3, failed: 1 });
  watch.events.cell({ ...cell, state: 'done' }, 90);
  watch.events.cell({ ...cell, state: 'failed', error }, 60);
  watch.events.warning('Fewer workers.');
  return watch;
}

describe('a watched benchmark', () => {
  it('counts what was there and what comes, and says how long it will take', () => {
    expect(followed().snapshot).toMatchObject({
      name: 'My benchmark',
      state: 'running',
      planned: 10,
      refused: 1,
      done: 4,
      failed: 2,
      left: 60,
      failures: [{ message: 'It diverged.' }],
      warnings: ['Fewer workers.'],
    });
    const text = watchView(followed().snapshot).toString();
    expect(text).toContain('About 60 s left.');
    expect(text).toContain('value="6"');
    expect(text).not.toContain('<b>x');
  });

  it('has ended, with all cells or before', () => {
    const watch = followed();
    watch.end();
    expect(watchView(watch.snapshot).toString()).toContain('Ended before all cells were run.');
    for (let i = 0; i < 4; i++) watch.events.cell({ ...cell, state: 'done' }, 0);
    expect(watchView(watch.snapshot).toString()).toContain('All cells were run.');
  });

  it('has a page that may ask its own server alone', async () => {
    const page = await watchPage(new BenchWatch('<i>').snapshot);
    expect(page).toContain('connect-src &#39;self&#39;');
    expect(page).toContain('&lt;i&gt;');
    expect(page).toContain('progress.json');
  });
});
