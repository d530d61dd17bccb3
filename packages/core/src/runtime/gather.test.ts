import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { batchOf, Gather } from './gather.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Works on batches when told to; what starts with `bad` makes its batch fail. */
class Batches {
  readonly started: string[][] = [];
  #finish: (() => void)[] = [];

  readonly run = async (items: readonly string[]): Promise<string[]> => {
    this.started.push([...items]);
    await new Promise<void>((resolve) => this.#finish.push(resolve));
    const bad = items.find((item) => item.startsWith('bad'));
    if (bad !== undefined) throw new Error(bad);
    return items.map((item) => item.toUpperCase());
  };

  /** Lets the batch that is worked on end, and what follows from it happen. */
  async finish(): Promise<void> {
    this.#finish.shift()!();
    await vi.advanceTimersByTimeAsync(0);
  }
}

/** A result, or the message of the error in its place. */
const settled = (result: Promise<string>) => result.catch((error: Error) => error.message);

it('takes the most there may be, or the greatest power of two', () => {
  expect([1, 2, 3, 4, 7, 8, 31, 32, 33, 500].map((waiting) => batchOf(waiting, 32))).toEqual([
    1, 2, 2, 4, 4, 8, 16, 32, 32, 32,
  ]);
  expect([1, 5, 6, 7].map((waiting) => batchOf(waiting, 6))).toEqual([1, 4, 6, 6]);
});

it('waits a window from the first for others, and no longer', async () => {
  const batches = new Batches();
  const gather = new Gather({ window: 5, size: 4, run: batches.run });
  const results = [settled(gather.add('a'))];
  await vi.advanceTimersByTimeAsync(4);
  results.push(settled(gather.add('b')));
  expect(batches.started).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(batches.started).toEqual([['a', 'b']]);
  await batches.finish();
  expect(await Promise.all(results)).toEqual(['A', 'B']);
});

it('starts a full batch at once, and gathers while it runs', async () => {
  const batches = new Batches();
  const gather = new Gather({ window: 5, size: 2, run: batches.run });
  const results = ['a', 'b', 'c'].map((item) => settled(gather.add(item)));
  expect(batches.started).toEqual([['a', 'b']]);
  await vi.advanceTimersByTimeAsync(100);
  results.push(settled(gather.add('d')), settled(gather.add('e')));
  expect(batches.started).toHaveLength(1);
  await batches.finish();
  // c has waited for longer than the window.
  expect(batches.started[1]).toEqual(['c', 'd']);
  await batches.finish();
  expect(batches.started).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5);
  expect(batches.started[2]).toEqual(['e']);
  await batches.finish();
  expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D', 'E']);
});

it('gives each its own result, and an item that makes a batch fail fails alone', async () => {
  const batches = new Batches();
  const gather = new Gather({ window: 5, size: 4, run: batches.run });
  const results = ['a', 'bad 1', 'c', 'bad 2'].map((item) => settled(gather.add(item)));
  for (let i = 0; i < 5; i++) await batches.finish();
  expect(batches.started).toEqual([['a', 'bad 1', 'c', 'bad 2'], ['a'], ['bad 1'], ['c'], ['bad 2']]);
  expect(await Promise.all(results)).toEqual(['A', 'bad 1', 'C', 'bad 2']);
});

it('takes back what waits, not what has started', async () => {
  const batches = new Batches();
  const gather = new Gather({ window: 5, size: 2, run: batches.run });
  const controller = new AbortController();
  const started: string[] = [];
  const add = (item: string) => settled(gather.add(item, controller.signal, () => void started.push(item)));
  const results = ['a', 'b', 'c', 'd'].map(add);
  expect(started).toEqual(['a', 'b']);
  controller.abort(new Error('gone'));
  results.push(add('e'), settled(gather.add('f')));
  await batches.finish();
  await vi.advanceTimersByTimeAsync(5);
  await batches.finish();
  expect(batches.started).toEqual([['a', 'b'], ['f']]);
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(await Promise.all(results)).toEqual(['A', 'B', 'gone', 'gone', 'gone', 'F']);
});

it('keeps those together that came together, in batches as large as they may be', async () => {
  const batches = new Batches();
  const gather = new Gather({ window: 0, size: 8, run: batches.run });
  const five = gather.addAll([...'abcde']);
  expect(batches.started).toEqual([[...'abcde']]);
  const three = gather.addAll([...'fgh'], 2);
  const alone = gather.add('i');
  await batches.finish();
  expect(batches.started[1]).toEqual(['f', 'g']);
  await batches.finish();
  expect(batches.started[2]).toEqual(['h', 'i']);
  await batches.finish();
  expect(await Promise.all([five, three, alone])).toEqual([[...'ABCDE'], [...'FGH'], 'I']);
  expect(await gather.addAll([])).toEqual([]);
});

it('has batches as large as those ask that came together, and no larger where others share them', async () => {
  const batches = new Batches();
  const gather = new Gather({ window: 0, size: 2, run: batches.run });
  const many = gather.addAll([...'abcdefg'], 5);
  expect(batches.started).toEqual([[...'abcde']]);
  const alone = gather.add('h');
  for (let i = 0; i < 3; i++) await batches.finish();
  // f and g wait with h, which takes batches of two.
  expect(batches.started.slice(1)).toEqual([['f', 'g'], ['h']]);
  expect(await Promise.all([many, alone])).toEqual([[...'ABCDEFG'], 'H']);
});

it('fails those that came with what fails, and nobody else', async () => {
  const batches = new Batches();
  const gather = new Gather({ window: 0, size: 8, run: batches.run });
  const first = gather.add('a');
  const results = [gather.addAll(['b', 'bad']), gather.addAll(['c', 'd'])].map((each) =>
    each.catch((error: Error) => error.message),
  );
  for (let i = 0; i < 4; i++) await batches.finish();
  expect(batches.started).toEqual([['a'], ['b', 'bad', 'c', 'd'], ['b', 'bad'], ['c', 'd']]);
  expect([await first, ...(await Promise.all(results))]).toEqual(['A', 'bad', ['C', 'D']]);
});
