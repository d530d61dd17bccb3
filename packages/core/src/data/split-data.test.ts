import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { datasetOf } from '../domains/splits.ts';
import { DiskFeatureStore } from './disk-feature-store.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { RandomStream } from '../random/random-stream.ts';
import { silentProgress } from '@headstart/artifacts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointTask, type PointSample } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { openSplit } from './split-data.ts';

it('a batch of cached features lies in the memory of one that was given back, and of no other', async () => {
  const root = await mkdtemp(join(tmpdir(), 'headstart-split-'));
  const backend = await plainBackend();
  const backbone = await pointSource.open({} as never, { weights: 'published' });
  const model = new TransferModel(backbone, pointTask.buildHead(backbone, ['a', 'b'], new RandomStream(1)));
  const encoder = pointTask.encoder({ backbone, labels: ['a', 'b'], augmentation: 'none' });
  const samples = Array.from(
    { length: 12 },
    (_, i): PointSample => ({ id: `${i}`, digest: `d${i}`, point: [i, -i / 2], label: i % 2 }),
  );
  const loader = await openSplit(
    { backend, model, encoder, store: new DiskFeatureStore(root), progress: silentProgress },
    datasetOf(samples),
    2,
  );
  const load = (...positions: number[]) => loader.load(Uint32Array.from(positions));
  const rows = async (...positions: number[]) => [...(await load(...positions)).inputs['vector']!];

  const expected = await rows(4, 5, 6);
  const first = await load(0, 1, 2);
  const kept = await load(7, 8, 9);
  const before = [...kept.inputs['vector']!];
  loader.release!(first);
  const smaller = await load(10, 11);
  const second = await load(4, 5, 6);
  expect(smaller.inputs['vector']).not.toBe(first.inputs['vector']);
  expect(second.inputs['vector']).toBe(first.inputs['vector']);
  expect([...second.inputs['vector']!]).toEqual(expected);
  expect([...kept.inputs['vector']!]).toEqual(before);
  expect((await load(0, 1, 2)).inputs['vector']).not.toBe(first.inputs['vector']);

  await loader.close();
  model.dispose();
  await rm(root, { recursive: true });
});
