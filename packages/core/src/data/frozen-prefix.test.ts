import { memory } from '@tensorflow/tfjs-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { datasetOf } from '../domains/splits.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Backend } from '../ports/backend.ts';
import { silentProgress, type Progress } from '@headstart/artifacts';
import type { Encoder } from './encoder.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointTask, type PointSample } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { DiskFeatureStore } from './disk-feature-store.ts';
import type { FeatureSet } from './feature-store.ts';
import { computeMissing, prefixOutputSpecs } from './frozen-prefix.ts';

let model: TransferModel;
let encoder: Encoder<PointSample>;
let root: string;
let backend: Backend;
let set: FeatureSet;

beforeAll(async () => {
  backend = await plainBackend();
  const backbone = await pointSource.open({} as never, { weights: 'published' });
  model = new TransferModel(backbone, pointTask.buildHead(backbone, ['a', 'b'], new RandomStream(1)));
  encoder = pointTask.encoder({ backbone, labels: ['a', 'b'], augmentation: 'none' });
});
afterAll(() => model.dispose());
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-prefix-'));
  set = await newSet('one');
});
afterEach(async () => {
  await set.close();
  await rm(root, { recursive: true });
});

const newSet = (name: string) =>
  new DiskFeatureStore(join(root, name)).open({
    architecture: 'a',
    weights: 'w',
    stage: 'upper',
    encoding: 'e',
    view: 'plain',
    backend: 'b',
    row: prefixOutputSpecs(model, encoder.inputs, 2),
  });

const samples: PointSample[] = ((random) =>
  Array.from(
    { length: 40 },
    (_, i): PointSample => ({
      id: `${i}`,
      digest: `d${i}`,
      point: [random.normal(), random.normal()],
      label: i % 2,
    }),
  ))(new RandomStream('prefix'));

function work(
  chosen: readonly PointSample[],
  more: { set?: FeatureSet; encoder?: Encoder<PointSample>; progress?: Progress; signal?: AbortSignal } = {},
) {
  return {
    backend,
    model,
    prefix: 2,
    encoder,
    samples: datasetOf(chosen),
    view: () => ({ kind: 'plain' }) as const,
    set,
    progress: silentProgress,
    ...more,
  };
}

/** An encoder that fails on one sample. */
const failingOn = (id: string): Encoder<PointSample> => ({
  ...encoder,
  encode: async (sample, view) => {
    if (sample.id === id) throw new Error(`${id} cannot be read`);
    return encoder.encode(sample, view);
  },
});

describe('the output of a frozen prefix', () => {
  it('has the shapes of one sample', () => {
    expect(prefixOutputSpecs(model, encoder.inputs, 2)).toEqual({ vector: { shape: [8], dtype: 'float32' } });
    expect(prefixOutputSpecs(model, encoder.inputs, 1)).toEqual({ middle: { shape: [8], dtype: 'float32' } });
  });

  it('of a sample does not depend on those computed with it', async () => {
    const before = memory().numTensors;
    expect(await computeMissing(work(samples))).toEqual({ reused: 0, computed: 40 });
    const together = (await set.read(samples.map(({ digest }) => digest))).vector!;
    for (const [i, sample] of [...samples.entries()].filter(([i]) => [0, 7, 16, 39].includes(i))) {
      const alone = await newSet(`alone-${i}`);
      await computeMissing(work([sample], { set: alone }));
      expect((await alone.read([sample.digest])).vector).toEqual(together.slice(8 * i, 8 * i + 8));
      await alone.close();
    }
    expect(memory().numTensors).toBe(before);
  });

  it('is computed for what is missing only, once for equal contents', async () => {
    const twins = samples.slice(0, 20).map((sample) => ({ ...sample, id: `twin of ${sample.id}` }));
    expect(await computeMissing(work([...samples.slice(0, 20), ...twins]))).toEqual({ reused: 20, computed: 20 });
    expect(await computeMissing(work(samples))).toEqual({ reused: 20, computed: 20 });
    expect(await computeMissing(work(samples))).toEqual({ reused: 40, computed: 0 });
  });

  it('is kept up to the sample that fails', async () => {
    const shown: (number | 'end')[] = [];
    const progress: Progress = {
      start: () => ({ update: (done) => void shown.push(done), end: () => void shown.push('end') }),
    };
    const before = memory().numTensors;
    await expect(computeMissing(work(samples, { encoder: failingOn('35'), progress }))).rejects.toThrow(
      '35 cannot be read',
    );
    expect(shown).toEqual([16, 32, 'end']);
    expect(memory().numTensors).toBe(before);
    expect(await computeMissing(work(samples))).toEqual({ reused: 32, computed: 8 });
  });

  it('is kept up to an interruption', async () => {
    const stop = new AbortController();
    const progress: Progress = { start: () => ({ update: () => stop.abort(), end: () => {} }) };
    await expect(computeMissing(work(samples, { progress, signal: stop.signal }))).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(await computeMissing(work(samples))).toEqual({ reused: 16, computed: 24 });
  });

  it('that cannot be written is tried once, and the first failure is reported', async () => {
    let appends = 0;
    set.append = async () => {
      appends += 1;
      throw new Error('no room');
    };
    let ended = 0;
    const progress: Progress = { start: () => ({ update() {}, end: () => void (ended += 1) }) };
    await expect(computeMissing(work(samples, { progress }))).rejects.toThrow('no room');
    expect([appends, ended]).toEqual([1, 1]);
    await expect(computeMissing(work(samples, { progress, encoder: failingOn('20') }))).rejects.toThrow(
      '20 cannot be read',
    );
    expect([appends, ended]).toEqual([2, 2]);
  });
});
