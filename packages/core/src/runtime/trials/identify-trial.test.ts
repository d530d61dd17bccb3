import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Reader } from '../../domains/reader.ts';
import { definePlugin } from '../../plugins/plugin.ts';
import type { Backend } from '../../ports/backend.ts';
import type { TestRequest, TrialIdentity } from '../../runs/trial.ts';
import type { TransferRequest } from '../../runs/request.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { pointPlugin } from '../../testing/point-domain.ts';
import { pointSource } from '../../testing/point-net.ts';
import { createHeadstart } from '../create-headstart.ts';
import type { Headstart } from '../headstart.ts';

/** Lines such as `0.5,1,up`. */
const pointFile: Reader = {
  id: 'point-file',
  modality: 'point',
  description: 'Points line by line',
  task: 'point-classification',
  detect: async (path) => (path.endsWith('.points') ? 1 : 0),
  async read(path) {
    const rows = (await readFile(path, 'utf8')).trim().split('\n');
    const labels = ['up', 'down'];
    const samples = rows.map((row, i) => {
      const [x, y, label] = row.split(',');
      const digest = createHash('sha256').update(`${x},${y}`).digest('hex');
      const sample = { id: `line ${i + 1}`, digest, label: labels.indexOf(label!), point: [Number(x), Number(y)] };
      return { sample };
    });
    return { id: '', modality: 'point', reader: 'point-file', labels, samples, skipped: [] };
  },
};

let backend: Backend;
let root: string;
let opened = 0;

const kit = (version = '1.0.0', sha256?: string) =>
  definePlugin({
    name: 'identity-kit',
    version,
    headstart: '^0.1',
    setup({ readers, sources }) {
      readers.add(pointFile);
      const files = sha256 === undefined ? [] : [{ uri: 'npm:points@1/weights', sha256 }];
      sources.add({
        ...pointSource,
        id: 'kit-net',
        card: { ...pointSource.card, files },
        open: (...args) => {
          opened += 1;
          return pointSource.open(...args);
        },
      });
    },
  });

const compose = (...of: Parameters<typeof kit>) =>
  createHeadstart({ backend, plugins: [pointPlugin(), kit(...of)()], cacheRoot: join(root, 'cache') });

const lines = (count: number, shift = 0) =>
  Array.from({ length: count }, (_, i) => `${i + shift},${i % 2 ? 1 : -1},${i % 2 ? 'up' : 'down'}\n`).join('');

let data: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-identity-'));
  data = join(root, 'here');
  await mkdir(data);
  for (const [name, text] of [
    ['train', lines(40)],
    ['more', lines(44)],
    ['test', lines(20, 100)],
    ['other', lines(20, 200)],
  ])
    await writeFile(join(data, `${name}.points`), text!);
});
afterAll(() => rm(root, { recursive: true }));

const at = (name: string, folder = data) => join(folder, `${name}.points`);

async function identity(
  transfer: Partial<TransferRequest> = {},
  test: TestRequest = { target: at('test') },
  headstart?: Headstart,
): Promise<TrialIdentity> {
  const composed = headstart ?? (await compose('1.0.0', 'a'.repeat(64)));
  const session = composed.trials();
  const asked = { target: at('train'), source: 'kit-net', strategy: 'linear-probe', ...transfer };
  const found = await session.identify({ transfer: asked, tests: [test] });
  await session.close();
  return found;
}

it('is the same wherever the data lie and however defaults are said, and names no folder', async () => {
  const moved = join(root, 'there');
  await cp(data, moved, { recursive: true });
  const first = await identity();
  const inPlaces = {
    target: at('train', moved),
    seed: 0,
    task: 'point-classification',
    reader: 'point-file',
    skipBad: true,
  };
  expect(await identity(inPlaces, { target: at('test', moved), reader: 'point-file', split: 'all' })).toEqual(first);
  const { epochs, batchSize } = first.transfer as { epochs: number; batchSize: number };
  expect(await identity({ epochs, batchSize })).toEqual(first);
  expect(JSON.stringify(first)).not.toContain(root);
  expect(opened).toBe(0);
});

it('is another for each thing that determines the numbers', async () => {
  const digest = 'b'.repeat(64);
  const found = await Promise.all([
    identity(),
    identity({ seed: 1 }),
    identity({ strategy: 'fine-tune' }),
    identity({ epochs: 77 }),
    identity({ learningRate: 0.5 }),
    identity({ shots: 3 }),
    identity({ split: [60, 20, 20] }),
    identity({ source: 'point-net' }),
    identity({ target: at('more') }),
    identity({ adapt: at('other') }),
    identity({ adapt: at('test') }),
    identity({}, { target: at('other') }),
    identity({}, { target: at('test'), split: 'train' }),
    identity({}, undefined, await compose('1.0.0', digest)),
    identity({}, undefined, await compose('1.0.1', 'a'.repeat(64))),
  ]);
  expect(new Set(found.map((each) => JSON.stringify(each))).size).toBe(found.length);
});

it('says that a source without digests is known by its name, and by its plugin', async () => {
  const { source } = await identity({}, undefined, await compose('3.2.1'));
  expect(source).toBe('by name, without digests: kit-net of identity-kit 3.2.1');
});

it('knows a model by its files, wherever its folder lies', async () => {
  const headstart = await compose('1.0.0');
  const out = join(root, 'model');
  await headstart.train({ target: at('train'), source: 'kit-net', strategy: 'linear-probe', epochs: 1, out });
  const copy = join(root, 'copied');
  await cp(out, copy, { recursive: true });
  const [here, there] = [await identity({ source: `model:${out}` }), await identity({ source: `model:${copy}` })];
  expect(here.transfer['source']).toBe('model:');
  expect(here.source).toMatch(/^sha256 [0-9a-f]{64}$/);
  expect(there).toEqual(here);
  await headstart.train({ target: at('train'), source: 'kit-net', seed: 5, epochs: 1, out: join(root, 'second') });
  expect((await identity({ source: `model:${join(root, 'second')}` })).source).not.toBe(here.source);
});
