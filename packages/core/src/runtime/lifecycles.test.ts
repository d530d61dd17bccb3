import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Backend } from '../ports/backend.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';
import type { Headstart } from './headstart.ts';

let root: string;
let folder: string;
const request = { target: 'points', epochs: 2, batchSize: 8, seed: 3 } as const;
const trial = { transfer: request, tests: [{ target: 'points' }] };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-lifecycles-'));
  const headstart = await opened(await countingBackend());
  ({ model: folder } = await headstart.train({ ...request, out: join(root, 'run') }));
  await headstart.close();
});
afterAll(() => rm(root, { recursive: true }));

/** The plain backend, with how often it was closed. */
async function countingBackend(): Promise<Backend & { closings: number }> {
  const backend: Backend & { closings: number } = {
    ...(await plainBackend()),
    closings: 0,
    close: async () => void backend.closings++,
    get closed() {
      return backend.closings > 0;
    },
  };
  return backend;
}

const opened = (backend: Backend) =>
  createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, 'cache') });

const closed = { code: 'closed', message: expect.stringMatching(/: it cannot be used any more\.$/) as string };

/** Every call of a system that reads or computes. */
const calls = (headstart: Headstart): (() => unknown)[] => [
  () => headstart.inspect({ target: 'points' }),
  () => headstart.views({ target: 'points', digests: [] }),
  () => headstart.plan(request),
  () => headstart.train({ ...request, out: join(root, 'never') }),
  () => headstart.resume(folder),
  () => headstart.load(folder),
  () => headstart.pretrained('point-net'),
  () => headstart.embed('point-net', ['0,3']),
  async () => headstart.trials(),
];

it('a closed system refuses all that reads or computes, and what was of it does, too', async () => {
  const backend = await countingBackend();
  const headstart = await opened(backend);
  const model = await headstart.load(folder);
  const session = headstart.trials();
  const prepared = await model.prepare('0,3');
  await headstart.close();
  await headstart.close();
  expect(backend.closings).toBe(1);
  const ofModel = [
    () => model.predict(['0,3']),
    () => model.predictEach(['0,3']),
    () => model.predictTarget('points').next(),
    () => model.prepare('0,3'),
    () => model.predictPrepared([prepared]),
    () => model.embed(['0,3']),
    () => model.explain('0,3'),
    () => model.draw('0,3', 'a'),
    () => model.evaluate('points'),
    () => model.export('tfjs', join(root, 'exported')),
    () => model.servedPage(),
  ];
  const ofSession = [
    () => session.identify(trial),
    () => session.plan(trial),
    () => session.stackKey(trial),
    () => session.run(trial),
    () => session.runTogether([trial]),
  ];
  for (const call of [...calls(headstart), ...ofModel, ...ofSession])
    await expect(Promise.resolve().then(call)).rejects.toMatchObject({ code: 'closed' });
  expect(headstart.tasks().length).toBeGreaterThan(0);
  model.dispose();
  model.dispose();
  await session.close();
  await session.close();
});

it('what has been disposed of refuses, and the system goes on', async () => {
  const headstart = await opened(await countingBackend());
  const before = headstart.backend.memory().tensors;
  const model = await headstart.load<string>(folder);
  const session = headstart.trials();
  const underWay = Promise.all([model.predict(['0,3', '3,-1']), model.embed(['0,3'])]);
  model.dispose();
  await expect(model.predict(['0,3'])).rejects.toMatchObject(closed);
  const [predictions, { shape }] = await underWay;
  expect([predictions.length, shape[0]]).toEqual([2, 1]);
  model.dispose();
  await session.close();
  await expect(session.run(trial)).rejects.toMatchObject(closed);
  expect(headstart.backend.memory().tensors).toBe(before);
  const again = await headstart.load<string>(folder);
  expect(await again.predict(['0,3', '3,-1'])).toEqual(predictions);
  again.dispose();
  await headstart.close();
});

it('two systems on one backend: the last to end closes it', async () => {
  const backend = await countingBackend();
  const [first, second] = [await opened(backend), await opened(backend)];
  const model = await second.load<string>(folder);
  const expected = await model.predict(['0,3', '3,-1']);
  await first.close();
  await first.close();
  await expect(first.load(folder)).rejects.toMatchObject(closed);
  expect([backend.closings, await model.predict(['0,3', '3,-1'])]).toEqual([0, expected]);
  model.dispose();
  await second.close();
  expect(backend.closings).toBe(1);
});

it('closing waits for what is under way', async () => {
  const backend = await countingBackend();
  const headstart = await opened(backend);
  const training = headstart.train({ ...request, out: join(root, 'last') });
  const closing = headstart.close();
  expect(backend.closings).toBe(0);
  expect((await training).model).toBe(join(root, 'last'));
  await closing;
  expect(backend.closings).toBe(1);
});

it('a backend that was closed from outside is said to be closed', async () => {
  const backend = await countingBackend();
  const headstart = await opened(backend);
  await backend.close();
  for (const call of calls(headstart))
    await expect(Promise.resolve().then(call)).rejects.toMatchObject({
      code: 'closed',
      message: expect.stringContaining('The backend cpu has been closed') as string,
    });
  await headstart.close();
});
