import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openBackend } from './open-backend.ts';

const opened: Backend[] = [];

async function open(options: Parameters<typeof openBackend>[0]): Promise<Backend> {
  const backend = await openBackend(options);
  opened.push(backend);
  return backend;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const backend of opened.splice(0)) await backend.close();
});

describe('opening a backend', () => {
  it('gives libtensorflow, with the settings that its numbers depend on', async () => {
    const backend = await open({ threads: { intraOp: 1, interOp: 1 } });
    expect(backend).toMatchObject({
      name: 'libtensorflow',
      reason: expect.stringContaining('libtensorflow 2.') as unknown,
    });
    expect(backend.details).toMatchObject({
      tensorflow: expect.stringMatching(/^2\./) as unknown,
      threads: '1 intra-op, 1 inter-op',
      tfjs: tf.version_core,
    });
    expect(tf.getKernel('Conv2DBackpropFilter', tf.getBackend())).toBeDefined();
  });

  it.skipIf(process.env.TF_CPP_MIN_LOG_LEVEL !== undefined)(
    'leaves nothing in the environment that a process started later would take for the level of messages the user chose',
    async () => {
      await open({ prefer: 'libtensorflow', device: 'cpu' });
      expect(process.env).not.toHaveProperty('TF_CPP_MIN_LOG_LEVEL');
      const child = `console.log(process.env.TF_CPP_MIN_LOG_LEVEL ?? 'not set')`;
      expect(execFileSync(process.execPath, ['-e', child], { encoding: 'utf8' }).trim()).toBe('not set');
    },
  );

  it('gives the same one to everybody in the process', async () => {
    const [first, second] = await Promise.all([open({ prefer: 'cpu' }), open({ prefer: 'cpu' })]);
    expect(second).toBe(first);
    expect(await openBackend()).toBe(first);
    expect(await openBackend({ device: 'cpu' })).toBe(first);
  });

  it('refuses another one beside the first, and opens it once that is closed', async () => {
    const first = await open({ prefer: 'cpu' });
    await expect(openBackend({ prefer: 'wasm' })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('the backend is cpu, not wasm') as unknown,
    });
    await expect(openBackend({ memoryLimit: 2 ** 30 })).rejects.toThrow(
      /memory limit in bytes is not set, not 1073741824/,
    );
    await first.close();
    expect((await open({ prefer: 'wasm' })).name).toBe('wasm');
  });

  it('obeys HEADSTART_BACKEND', async () => {
    vi.stubEnv('HEADSTART_BACKEND', 'cpu');
    expect((await open({ prefer: 'wasm' })).name).toBe('cpu');
  });

  it('passes over what does not work and says why', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'headstart-no-library-'));
    try {
      vi.stubEnv('HEADSTART_LIBTENSORFLOW', empty);
      const { name, reason } = await open({ install: false });
      expect(name).toBe('wasm');
      expect(reason).toContain('passed over libtensorflow: HEADSTART_LIBTENSORFLOW is');
      expect(reason).toContain('passed over tfjs-node: No installed tfjs-node works');
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('fails with the reason when the preferred one does not work', async () => {
    vi.stubEnv('HEADSTART_LIBTENSORFLOW', '/nowhere');
    await expect(openBackend({ prefer: 'libtensorflow' })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('/nowhere') as unknown,
    });
    // The failure is not remembered.
    vi.unstubAllEnvs();
    expect((await open({ prefer: 'cpu' })).name).toBe('cpu');
  });

  it('fails when a GPU is asked for of an engine that has none', async () => {
    await expect(openBackend({ prefer: 'wasm', device: 'gpu' })).rejects.toMatchObject({ code: 'backend-unavailable' });
  });

  it('names the nearest of the engines and refuses options out of range', async () => {
    await expect(openBackend({ prefer: 'libtensorflo' as 'cpu' })).rejects.toMatchObject({
      code: 'unknown-name',
      hint: expect.stringContaining('"libtensorflow"') as unknown,
    });
    await expect(openBackend({ threads: { intraOp: 0 } })).rejects.toMatchObject({ code: 'invalid-option' });
    for (const niceness of [-1, 20, 0.5, NaN])
      await expect(openBackend({ niceness })).rejects.toMatchObject({ code: 'invalid-option' });
    for (const memoryLimit of [-1, 4096, 2.5e9 + 0.5, NaN])
      await expect(openBackend({ memoryLimit })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('reports memory: one more tensor of 12 bytes', async () => {
    const backend = await open({ prefer: 'libtensorflow', device: 'cpu', threads: { intraOp: 1, interOp: 1 } });
    const before = backend.memory();
    const x = tf.tidy(() => tf.add(tf.ones([3]), 0));
    const after = backend.memory();
    expect([after.tensors - before.tensors, after.bytes - before.bytes]).toEqual([1, 12]);
    x.dispose();
    expect(after.residentBytes).toBeGreaterThan(2 ** 20);
  });

  it('runs a step as it is where nothing can be captured', async () => {
    const backend = await open({ prefer: 'cpu' });
    let runs = 0;
    const step = backend.compile((a: number, b: number) => a + b + ++runs);
    expect([await step(1, 2), await step(1, 2)]).toEqual([4, 5]);
    step.dispose();
  });
});
