import { mkdir, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeadstartError } from '@headstart/artifacts/errors';
import { DiskFeatureStore } from '../data/disk-feature-store.ts';
import type { UnsavedCard } from '../models/card-schema.ts';
import { saveModel } from '../models/model-directory.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { RandomStream } from '../random/random-stream.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import { createRunFile } from '../runtime/run-file.ts';
import { writeCheckpoint } from '../training/checkpoint.ts';
import { newRunState } from '../training/run-state.ts';
import { plainBackend } from './plain-backend.ts';
import { pointPlugin, pointTask } from './point-domain.ts';
import { pointSource } from './point-net.ts';

/*
 * Child process of the tests, run where its folder is a small disk of its own: tries each kind of
 * writing with no page free, then with one, and so on until it succeeds. Prints what came of each try.
 */

const [disk, cache] = process.argv.slice(2) as [string, string];
const filler = join(disk, 'filler');
const PAGE = 4096;

interface Try {
  readonly error?: { code: string; message: string };
  readonly left: string[];
}

/** Writes until only so many pages are free. */
async function fill(free: number): Promise<void> {
  await rm(filler, { force: true });
  const { bavail, bsize } = await statfs(disk);
  await writeFile(filler, Buffer.alloc(bavail * bsize - free * PAGE));
}

async function untilItSucceeds(
  work: () => Promise<unknown>,
  folder: string,
  after?: () => Promise<void>,
): Promise<Try[]> {
  const tries: Try[] = [];
  for (let free = 0; tries.at(-1)?.error !== undefined || free === 0; free++) {
    await fill(free);
    let error: Try['error'];
    try {
      await work();
    } catch (thrown) {
      const { code, message } = thrown as HeadstartError;
      error = { code, message };
    }
    const left = await readdir(folder, { recursive: true }).catch(() => []);
    await rm(filler);
    tries.push({ error, left: left.sort() });
    if (error) await after?.();
  }
  return tries;
}

const backend = await plainBackend();
const backbone = await pointSource.open({} as never, { weights: 'published' });
const assets = { 'graph.json': Buffer.alloc(3 * PAGE, 1), 'deep/words.txt': Buffer.from('words') };
const model = new TransferModel(
  { ...backbone, assets },
  pointTask.buildHead(backbone, ['a', 'b'], new RandomStream(1)),
);
const card: UnsavedCard = {
  task: 't',
  labels: ['a', 'b'],
  source: { id: 's', architecture: 'a', licence: 'l' },
  target: { id: 't', fingerprint: 'f' },
  strategy: 's',
  seed: 1,
  training: { split: [70, 10, 20], shots: null },
  metrics: {},
  backend: {},
  headstart: '0',
};
const outcome: Record<string, unknown> = {};

outcome.model = await untilItSucceeds(
  () => saveModel(join(disk, 'model'), model, card, [{ epoch: 1 }]),
  join(disk, 'model'),
);
outcome.run = await untilItSucceeds(
  () => createRunFile(join(disk, 'run'), { runId: 'r', request: { target: 't' }, fingerprint: 'f', backend: {} }),
  join(disk, 'run'),
);

const state = newRunState();
const tensors = (value: number) =>
  new Map([['model/x', { shape: [2 * PAGE], data: new Float32Array(2 * PAGE).fill(value) }]]);
const checkpoints = join(disk, 'checkpoints');
await mkdir(checkpoints);
const path = await writeCheckpoint(checkpoints, { state, tensors: tensors(1) });
const previous = await readFile(path);
const kept: boolean[] = [];
outcome.checkpoint = await untilItSucceeds(
  () => writeCheckpoint(checkpoints, { state, tensors: tensors(2) }),
  checkpoints,
  async () => {
    kept.push((await readFile(path)).equals(previous));
  },
);
outcome.previousCheckpointKept = kept;

const features = new DiskFeatureStore(join(disk, 'features'));
const set = await features.open({
  architecture: 'a',
  weights: 'w',
  stage: 's',
  encoding: 'e',
  view: 'plain',
  backend: 'b',
  row: { x: { shape: [PAGE], dtype: 'float32' } },
});
outcome.features = await untilItSucceeds(
  () => set.append(['one', 'two'], [Buffer.alloc(4 * PAGE), Buffer.alloc(4 * PAGE)]),
  set.folder,
);
await set.close();

const headstart = await createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: cache });
const out = join(disk, 'trained');
const resumed: string[] = [];
outcome.train = await untilItSucceeds(
  () => headstart.train({ target: 'points', strategy: 'linear-probe', epochs: 2, checkpointEvery: 1, seed: 1, out }),
  out,
  async () => {
    const files = await readdir(out).catch(() => []);
    if (files.length === 0) return;
    resumed.push((await readFile(join((await headstart.resume(out)).model, 'weights.safetensors'))).toString('base64'));
    await rm(out, { recursive: true });
  },
);
outcome.resumed = resumed;
outcome.weights = (await readFile(join(out, 'weights.safetensors'))).toString('base64');
process.stdout.write(JSON.stringify(outcome));
