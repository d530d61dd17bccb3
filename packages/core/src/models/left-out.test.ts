import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceDomain } from '../domains/source-domain.ts';
import { readValueFile } from '../network/value-file.ts';
import { withMembers } from '../network/with-members.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { Backend } from '../ports/backend.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { TransferRequest } from '../runs/request.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { refusalOf } from '../testing/refusal-of.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { KNOWN_FEATURES } from './known-region.ts';
import { canBeOpenedAgain } from './left-out.ts';

let backend: Backend;
let root: string;
let runs = 0;
let opened: string[] = [];

beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-left-out-'));
});
afterAll(() => rm(root, { recursive: true }));

const file = { uri: 'npm:point-net@1.0.0/weights.safetensors', sha256: 'ab'.repeat(32) };

/** The point net, with a card that names its file by digest, and a file that it is built from. @param stream draws its weights */
const pinnedSource = (stream = 'published'): SourceDomain => ({
  ...pointSource,
  id: 'pinned-net',
  card: { ...pointSource.card, files: [file] },
  async open(runtime, options) {
    opened.push(options.weights);
    await options.assets?.('words.txt');
    const backbone = await pointSource.open(runtime, options);
    if (options.weights === 'published')
      for (const stage of backbone.stages) stage.initialise(new RandomStream(stream).child(stage.name));
    return { ...backbone, assets: { 'words.txt': Buffer.from('words') } };
  },
});

const compose = (source: SourceDomain | undefined = pinnedSource()) =>
  createHeadstart({
    backend,
    plugins: [
      pointPlugin(),
      definePlugin({
        name: 'pinned',
        version: '1.0.0',
        headstart: '*',
        setup: ({ sources }) => void (source && sources.add(source)),
      })(),
    ],
    cacheRoot: join(root, `cache-${++runs}`),
  });
const request = (more: Partial<TransferRequest> = {}): TransferRequest => ({
  target: 'points',
  source: 'pinned-net',
  strategy: 'linear-probe',
  epochs: 2,
  out: join(root, `run-${++runs}`),
  ...more,
});
const namesIn = async (directory: string) =>
  [...(await readValueFile(join(directory, 'weights.safetensors'))).values.keys()].sort();
/** What a model has without a backbone: its head, and some of the features that it was trained on. */
const HEAD = ['head/bias', 'head/deviation', 'head/kernel', 'head/mean', KNOWN_FEATURES];

describe('a probe', () => {
  it('on a source that can be opened again saves its head alone, and predicts and scores as the whole model does', async () => {
    const headstart = await compose();
    const tensors = memory().numTensors;
    const [alone, whole] = [await headstart.train(request()), await headstart.train(request({ standalone: true }))];
    expect(await namesIn(alone.model)).toEqual(HEAD);
    expect(await namesIn(whole.model)).toHaveLength(HEAD.length + 10);
    opened = [];
    const [small, large] = [await headstart.load(alone.model), await headstart.load(whole.model)];
    expect(opened).toEqual(['published', 'none']);
    const points = ['0,3', '3,-1', '-3,-1', '0.1,0.2'];
    expect(await small.predict(points)).toEqual(await large.predict(points));
    expect(await small.embed(points)).toEqual(await large.embed(points));
    expect((await small.evaluate('points')).metrics).toEqual((await large.evaluate('points')).metrics);
    expect((await small.evaluate('points')).metrics.values).toEqual(alone.metrics.test);
    small.dispose();
    large.dispose();
    expect(memory().numTensors).toBe(tensors);
  });

  it('is a source for others, with its own head and from scratch', async () => {
    const headstart = await compose();
    const { model } = await headstart.train(request());
    const probed = await headstart.train(request({ source: `model:${model}` }));
    // A folder is not an address that others have: every weight is in the second model.
    expect(await namesIn(probed.model)).toHaveLength(HEAD.length + 10);
    const predicted = async () => {
      const loaded = await headstart.load(probed.model);
      const predictions = await loaded.predict(['0,3', '3,-1', '-3,-1']);
      loaded.dispose();
      return predictions;
    };
    const before = await predicted();
    await rm(model, { recursive: true });
    expect(await predicted()).toEqual(before);
    const again = await headstart.train(request());
    const scratch = await headstart.train(request({ source: `model:${again.model}`, strategy: 'from-scratch' }));
    expect(await namesIn(scratch.model)).toHaveLength(HEAD.length + 10);
  });

  it('is refused on a source that has other values now, which it says, and without the plugin that has the source', async () => {
    const { model } = await (await compose()).train(request());
    const tensors = memory().numTensors;
    await expect((await compose(pinnedSource('other'))).load(model)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: `The weights in ${model} were trained on other weights than the source has now.`,
      hint: expect.stringContaining('--standalone') as string,
    });
    expect(memory().numTensors).toBe(tensors);
    const without = await createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, 'none') });
    await expect(without.load(model)).rejects.toMatchObject({
      code: 'unknown-name',
      message: expect.stringMatching(/is built on the source "pinned-net", which no plugin here has/) as string,
    });
  });

  it('has every weight where the backbone was trained too, or the source names no digests', async () => {
    const headstart = await compose();
    const { model: tuned } = await headstart.train(request({ strategy: 'fine-tune' }));
    const { model: unpinned } = await headstart.train(request({ source: 'point-net' }));
    for (const directory of [tuned, unpinned]) {
      expect(await namesIn(directory)).toHaveLength(HEAD.length + 10);
      const { weights } = JSON.parse(await readFile(join(directory, 'model.json'), 'utf8')) as { weights: object };
      expect(Object.keys(weights).sort()).toEqual(['file', 'sha256']);
    }
  });

  it('needs no more files than card, head and history', async () => {
    const { model } = await (await compose()).train(request());
    expect((await readdir(model)).sort()).toEqual(['history.jsonl', 'model.json', 'weights.safetensors']);
    const path = join(model, 'weights.safetensors');
    // [8, 3] and 3 weights, 8 means and 8 deviations, [63, 8] features that it knows, of 4 bytes each; a header of names.
    expect((await stat(path)).size).toBeLessThan(4 * (24 + 3 + 8 + 8 + 63 * 8) + 640);
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    await expect((await compose()).load(model)).rejects.toMatchObject({ code: 'model-invalid' });
  });
});

describe('a fine-tuned model', () => {
  /** The pinned source with a kernel that nothing changes. */
  const partlyFixed = (stream?: string): SourceDomain => {
    const source = pinnedSource(stream);
    return {
      ...source,
      async open(runtime, options) {
        const backbone = await source.open(runtime, options);
        const [first, ...more] = backbone.stages;
        const [kernel, ...others] = first!.variables;
        const variables = [{ ...kernel!, role: 'fixed' as const }, ...others];
        return { ...backbone, stages: [withMembers(first!, { variables }), ...more] };
      },
    };
  };
  const KERNEL = 'lower/kernel';
  const tuning = { source: 'pinned-net', strategy: 'fine-tune' };

  it('leaves what nothing changes to its source, as checkpoints do, and predicts as the whole model does', async () => {
    const saved: string[] = [];
    const headstart = await compose(partlyFixed());
    const checkpoint = async ({ path }: { path: string }) => {
      saved.push(...(await readValueFile(path)).values.keys());
    };
    const part = await headstart.train(request({ ...tuning, checkpointEvery: 1 }), { events: { checkpoint } });
    const whole = await headstart.train(request({ ...tuning, standalone: true }));
    expect(saved).toContain('model/lower/gamma');
    expect(saved.filter((name) => name.includes(KERNEL))).toEqual([]);
    expect((await namesIn(whole.model)).filter((name) => name === KERNEL)).toEqual([KERNEL]);
    expect(await namesIn(part.model)).toEqual((await namesIn(whole.model)).filter((name) => name !== KERNEL));
    const [small, large] = [await headstart.load(part.model), await headstart.load(whole.model)];
    const points = ['0,3', '3,-1', '-3,-1', '0.1,0.2'];
    expect(await small.predict(points)).toEqual(await large.predict(points));
    small.dispose();
    large.dispose();
    await refusalOf((await compose(partlyFixed('other'))).load(part.model), 'weights-mismatch', part.model);
  });
});

describe('a source', () => {
  it('can be opened again where all its files have digests and none is of this machine', async () => {
    const backbone = await pointSource.open({} as never, { weights: 'none' });
    const withFiles = (files: SourceDomain['card']['files'], more: Partial<SourceDomain> = {}) =>
      canBeOpenedAgain({ ...pointSource, ...more, card: { ...pointSource.card, files } }, backbone);
    expect(withFiles([file])).toBe(true);
    expect(withFiles([])).toBe(false);
    expect(withFiles([file, { uri: 'hf:owner/name/config.json' }])).toBe(false);
    expect(withFiles([{ ...file, uri: 'file:///models/weights.safetensors' }])).toBe(false);
    expect(withFiles([file], { origin: 'point-net' })).toBe(false);
    expect(canBeOpenedAgain(pinnedSource(), { ...backbone, stages: [] })).toBe(false);
    backbone.dispose();
  });
});
