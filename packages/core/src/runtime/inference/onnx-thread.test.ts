import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { OnnxThread } from './onnx-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'headstart-onnx-thread-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A library in place of onnxruntime: what its sessions do when they are made, and when they run. */
function library({ create = '', run = 'return {};' }: { create?: string; run?: string }): string {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.cjs`);
  writeFileSync(
    path,
    `exports.Tensor = class { constructor(type, data, dims) { Object.assign(this, { type, data, dims }); } };
    exports.InferenceSession = { create: async () => { ${create} return { run: async (feeds) => { ${run} } }; } };`,
  );
  return path;
}

const open = (options: Parameters<typeof library>[0]) => OnnxThread.open(library(options), new Uint8Array(), 1);
const feeds = { x: { type: 'float32', data: Float32Array.of(1, 2), dims: [1, 2] } };

it('hands tensors over and back', async () => {
  const thread = await open({
    run: "const { data, dims } = feeds.x; return { y: { type: 'float32', data: data.map((v) => 2 * v), dims } };",
  });
  const answers = await Promise.all([thread.run(feeds), thread.run(feeds)]);
  for (const { y } of answers) expect(y).toEqual({ type: 'float32', data: Float32Array.of(2, 4), dims: [1, 2] });
  // What was given stays as it was.
  expect(feeds.x.data).toEqual(Float32Array.of(1, 2));
  thread.dispose();
});

it('goes on after a run that fails', async () => {
  const thread = await open({ run: "if (feeds.bad) throw new Error('no such input.'); return {};" });
  await expect(thread.run({ bad: feeds.x })).rejects.toMatchObject({
    code: 'backend-failed',
    message: 'onnxruntime-node could not compute a prediction: no such input.',
    hint: expect.stringMatching(/^Ask again/) as string,
  });
  expect(await thread.run(feeds)).toEqual({});
  thread.dispose();
});

it('refuses all that waits, and all that comes later, once its thread has ended', async () => {
  const thread = await open({ run: 'process.exit(3);' });
  const ended = {
    code: 'backend-failed',
    message: expect.stringContaining('its thread has ended with 3') as string,
    hint: expect.stringMatching(/^Load the model again/) as string,
  };
  const waiting = [thread.run(feeds), thread.run(feeds)].map((run) => expect(run).rejects.toMatchObject(ended));
  await Promise.all(waiting);
  await expect(thread.run(feeds)).rejects.toMatchObject(ended);
});

it.each([
  ['throws', "throw new Error('no room');", /cannot compute this model: no room/],
  ['ends', 'process.exit(4);', /cannot compute this model: its thread has ended with 4/],
])('says why where the library %s when it is given the graph', async (_, create, message) => {
  await expect(open({ create })).rejects.toMatchObject({
    code: 'not-supported',
    message: expect.stringMatching(message) as string,
  });
});

it('says why where the library cannot be loaded', async () => {
  await expect(OnnxThread.open(join(folder, 'missing.cjs'), new Uint8Array(), 1)).rejects.toMatchObject({
    code: 'not-supported',
    message: expect.stringContaining('missing.cjs') as string,
  });
});
