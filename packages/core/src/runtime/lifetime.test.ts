import { expect, it } from 'vitest';
import { Lifetime } from './lifetime.ts';

const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
};
const closed = { code: 'closed', message: expect.stringContaining('is over') as string };

it('frees at once what nobody uses, and once', async () => {
  const lifetime = new Lifetime('The thing is over');
  expect(await lifetime.use(async () => 7)).toBe(7);
  let freed = 0;
  const end = lifetime.end(() => void freed++);
  expect(freed).toBe(1);
  await end;
  await lifetime.end(() => void freed++);
  expect(freed).toBe(1);
  await expect(lifetime.use(async () => 7)).rejects.toMatchObject(closed);
  expect(() => lifetime.check()).toThrow(expect.objectContaining(closed));
});

it('ends after what is under way, which nothing joins any more', async () => {
  const lifetime = new Lifetime('The thing is over');
  const { open, opened } = gate();
  const events: string[] = [];
  const used = lifetime.use(() => opened.then(() => void events.push('used')));
  const failing = lifetime.use(() => opened.then(() => Promise.reject(new Error('fails'))));
  failing.catch(() => {});
  const end = lifetime.end(() => void events.push('freed'));
  await expect(lifetime.use(async () => 7)).rejects.toMatchObject(closed);
  expect(events).toEqual([]);
  open();
  await Promise.all([used, end]);
  expect(events).toEqual(['used', 'freed']);
});

it('ends with what it is within, which waits for it', async () => {
  const outer = new Lifetime('The whole is over');
  const inner = new Lifetime('The part has ended', outer);
  const { open, opened } = gate();
  let freed = false;
  const used = inner.use(() => opened);
  const end = outer.end(() => void (freed = true));
  await expect(inner.use(async () => 7)).rejects.toMatchObject(closed);
  expect(freed).toBe(false);
  open();
  await Promise.all([used, end]);
  expect(freed).toBe(true);
});
