import { expect, it } from 'vitest';
import { Permits } from './permits.ts';

it('lets so many in, and others in the order they came, without those that gave up', async () => {
  const permits = new Permits(2);
  const entered: string[] = [];
  const controller = new AbortController();
  const enter = async (name: string, signal?: AbortSignal) => {
    await permits.take(signal);
    entered.push(name);
  };
  const [, , , gone] = [enter('a'), enter('b'), enter('c'), enter('gone', controller.signal), enter('d')];
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  expect(entered).toEqual(['a', 'b']);
  controller.abort(new Error('gave up'));
  await expect(gone).rejects.toThrow('gave up');
  await expect(permits.take(controller.signal)).rejects.toThrow('gave up');
  permits.give();
  await turn();
  expect(entered).toEqual(['a', 'b', 'c']);
  permits.give();
  permits.give();
  await turn();
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
  await enter('e');
  expect(entered).toEqual(['a', 'b', 'c', 'd', 'e']);
});
