import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadstartError } from '../errors/headstart-error.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isGone, isThisProcess, thisProcess } from './lock-holder.ts';
import { machine } from './machine.ts';
import { withFreeLock, withLock } from './process-lock.ts';

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'headstart-lock-'))));
afterAll(() => rm(root, { recursive: true }));

/** A lock that somebody took in a year to come. */
async function leave(name: string, holder: object): Promise<string> {
  const lock = join(root, `${name}.lock`);
  await mkdir(lock);
  await writeFile(join(root, `${name}.owner`), JSON.stringify(holder));
  const then = new Date(Date.now() + 365 * 86_400_000);
  await utimes(lock, then, then);
  return lock;
}

const dead = () => spawnSync(process.execPath, ['-e', '']).pid;

it('knows a process by its number, its beginning and the start of the machine', () => {
  const here = thisProcess();
  expect(here).toMatchObject({ host: hostname(), pid: process.pid });
  expect(isGone(here)).toBe(false);
  expect(isGone({ ...machine(), pid: process.ppid })).toBe(false);
  expect(isGone({ ...machine(), pid: dead() })).toBe(true);
  expect(isGone({ ...machine(), host: 'elsewhere', pid: dead() })).toBe(false);
  if (process.platform !== 'linux') return;
  expect(isGone({ ...here, boot: 'another' })).toBe(true);
  expect(isGone({ ...here, begun: '1' })).toBe(true);
  // In another container, or where it is not known which, the number is another's.
  expect(isGone({ ...machine(), processes: 'pid:[1]', pid: dead() })).toBe(false);
  expect(isGone({ ...here, processes: 'pid:[1]', begun: '1' })).toBe(false);
  expect(isGone({ host: hostname(), boot: here.boot, pid: dead() })).toBe(false);
  expect(isThisProcess(here)).toBe(true);
  expect(isThisProcess({ ...here, processes: 'pid:[1]' })).toBe(false);
});

it('leaves the lock to a holder that renews it, though its machine seems to have started anew', async () => {
  let done = () => {};
  const held = withLock(root, 'renewed', () => new Promise<string>((resolve) => (done = () => resolve('held'))));
  await expect.poll(() => readFile(join(root, 'renewed.owner'), 'utf8').catch(() => '')).not.toBe('');
  await writeFile(join(root, 'renewed.owner'), JSON.stringify({ ...thisProcess(), boot: 'another' }));
  let taken = false;
  const refusal = () => new HeadstartError({ code: 'run-in-use', message: 'It is held.', hint: '' });
  const other = withFreeLock(root, 'renewed', refusal, async () => void (taken = true));
  await sleep(8_000); // more than the holder may go without renewing
  expect(taken).toBe(false);
  done();
  expect(await held).toBe('held');
  await other;
  expect(taken).toBe(true);
});

it('takes over a lock from the future whose process has ended, and tells whom it waits for', async () => {
  const gone = leave('gone', { ...machine(), pid: dead() });
  const held = await leave('held', { host: hostname(), pid: process.ppid, since: '2026-11-29T10:00:00.000Z' });
  await gone;
  const told = new Promise<string>((resolve) =>
    process.on('warning', ({ message }) => message.startsWith('Waiting for') && resolve(message)),
  );
  const waiting = withLock(
    root,
    'held',
    async () => JSON.parse(await readFile(join(root, 'held.owner'), 'utf8')) as object,
  );
  expect(await withLock(root, 'gone', async () => 'taken')).toBe('taken');
  expect(await told).toBe(
    `Waiting for process ${process.ppid}, since 2026-11-29T10:00:00.000Z, which holds ${held}. If that process is no more, remove that folder; else wait, or end it.`,
  );
  await rm(held, { recursive: true });
  expect(await waiting).toMatchObject({ pid: process.pid });
});
