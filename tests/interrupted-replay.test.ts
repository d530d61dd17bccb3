import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart } from '@headstart/core';
import type { Backend, CompiledStep } from '@headstart/core/backend';
import vision from '@headstart/vision';
import { afterAll, beforeAll, expect, it } from 'vitest';

let backend: Backend;
let root: string;

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
  root = await mkdtemp(join(tmpdir(), 'headstart-interrupted-'));
  for (const [name, grey] of [
    ['dark', 20],
    ['light', 220],
  ] as const) {
    await mkdir(join(root, 'photos', name), { recursive: true });
    for (let i = 0; i < 16; i++) {
      const colour = `rgb(${grey},${grey + i},${grey})`;
      await writeFile(
        join(root, 'photos', name, `${i}.svg`),
        `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="${colour}"/></svg>`,
      );
    }
  }
});
afterAll(async () => {
  await backend.close();
  await rm(root, { recursive: true });
});

/** The backend, with something done while a call of a compiled step is under way: it is answered after that, too. */
function meanwhile(during: (call: number) => Promise<void>): Backend {
  let calls = 0;
  return {
    ...backend,
    compile<Args extends unknown[], Result>(step: (...args: Args) => Result): CompiledStep<Args, Result> {
      const compiled = backend.compile(step);
      const call = async (...args: Args) => {
        const [result] = await Promise.all([compiled(...args), during(++calls)]);
        return result;
      };
      return Object.assign(call, { dispose: () => compiled.dispose() });
    },
  };
}

const compose = (on: Backend) => createHeadstart({ backend: on, plugins: [vision()], cacheRoot: join(root, 'cache') });
const request = (out: string) => ({
  target: join(root, 'photos'),
  source: 'small-cnn:64x64x3',
  strategy: 'from-scratch',
  epochs: 3,
  batchSize: 4,
  seed: 5,
  out: join(root, out),
});

it('ends with a checkpoint at a signal that comes during a replay, and goes on to the same weights', async () => {
  expect(backend.details.steps).toBe('captured');
  await (await compose(backend)).train(request('whole'));

  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  let signalledAt = 0;
  const signalled = meanwhile(async (call) => {
    if (call !== 4) return;
    const aborted = once(stop.signal, 'abort');
    process.kill(process.pid, 'SIGINT');
    await aborted;
    signalledAt = call;
  });
  const running = (await compose(signalled)).train(request('stopped'), { signal: stop.signal });
  await expect(running).rejects.toMatchObject({ code: 'interrupted' });
  expect(signalledAt).toBe(4);

  await (await compose(backend)).resume(join(root, 'stopped'));
  const weights = (out: string) => readFile(join(root, out, 'weights.safetensors'));
  expect((await weights('stopped')).equals(await weights('whole'))).toBe(true);
});
