import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointTask } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { unknownName } from '@headstart/artifacts/errors';
import { howToGet } from '../plugins/package-offer.ts';
import { loadModel } from './load-model.ts';
import type { UnsavedCard } from './card-schema.ts';
import { readModel, saveModel } from './model-directory.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { readValues } from '../network/variable-values.ts';

const card: UnsavedCard = {
  task: 'point-classification',
  labels: ['a', 'b'],
  source: { id: 'point-net', architecture: 'point-net@1', licence: 'Apache-2.0' },
  target: { id: 'points', fingerprint: 'f' },
  strategy: 'linear-probe',
  seed: 1,
  training: { split: [70, 10, 20], shots: null, epochs: 3 },
  metrics: { test: { accuracy: 0.5 } },
  backend: { name: 'cpu' },
  headstart: '0.1.0',
};
const assets = { 'graph.json': Buffer.from('{}'), 'deep/words.txt': Buffer.from('words') };
const parts = { howToGet: () => ({ hint: '' }), source: () => pointSource, task: () => pointTask as never };

let directory: string;
beforeAll(async () => void (await plainBackend()));
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'headstart-model-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

async function newModel(): Promise<TransferModel> {
  const backbone = await pointSource.open({} as never, { weights: 'published' });
  return new TransferModel({ ...backbone, assets }, pointTask.buildHead(backbone, card.labels, new RandomStream(1)));
}

async function saved(): Promise<TransferModel> {
  const model = await newModel();
  await saveModel(directory, model, card, [
    { epoch: 1, loss: 0.5 },
    { epoch: 2, loss: 0.25 },
  ]);
  return model;
}

const editCard = async (edit: (card: Record<string, unknown>) => object) => {
  const path = join(directory, 'model.json');
  await writeFile(path, JSON.stringify(edit(JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>)));
};

describe('a model folder', () => {
  it('holds card, weights, history and assets, and gives them back', async () => {
    const model = await saved();
    expect((await readdir(directory)).sort()).toEqual(['history.jsonl', 'model.json', 'source', 'weights.safetensors']);
    expect(await readFile(join(directory, 'history.jsonl'), 'utf8')).toBe(
      '{"epoch":1,"loss":0.5}\n{"epoch":2,"loss":0.25}\n',
    );
    const read = await readModel(directory);
    expect(read.card).toMatchObject({
      ...card,
      format: 'headstart-model',
      version: 1,
      assets: ['graph.json', 'deep/words.txt'],
    });
    expect(Buffer.from(await read.asset('deep/words.txt')).toString()).toBe('words');

    await writeFile(join(directory, 'source', 'deep', 'words.txt'), 'swords');
    await expect(read.asset('deep/words.txt')).rejects.toMatchObject({ code: 'model-invalid' });
    await writeFile(join(directory, 'source', 'deep', 'words.txt'), 'words');

    const loaded = await loadModel(directory, parts, {} as never);
    const [before, after] = [await readValues(model.variables()), await readValues(loaded.model.variables())];
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [name, { data }] of before) expect([...after.get(name)!.data], name).toEqual([...data]);
    model.dispose();
    loaded.model.dispose();
  });

  it('has the same bytes each time it is saved', async () => {
    (await saved()).dispose();
    const first = await readFile(join(directory, 'weights.safetensors'));
    (await saved()).dispose();
    expect((await readFile(join(directory, 'weights.safetensors'))).equals(first)).toBe(true);
  });

  it.each(['model.json', 'weights.safetensors', 'source/graph.json', 'source/deep/words.txt'])(
    'without %s is not a model',
    async (name) => {
      (await saved()).dispose();
      await rm(join(directory, name));
      await expect(readModel(directory)).rejects.toMatchObject({
        code: 'model-invalid',
        message: expect.stringContaining(`${name} is missing`) as string,
      });
    },
  );

  it.each(['', 'run', 'weights.safetensors'])('is not what lies at "%s"', async (path) => {
    await writeFile(join(directory, 'weights.safetensors'), 'x');
    await expect(readModel(join(directory, path))).rejects.toMatchObject({ code: 'model-invalid' });
  });

  it('notices a single changed bit of the weights', async () => {
    (await saved()).dispose();
    const path = join(directory, 'weights.safetensors');
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    await expect(readModel(directory)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('digest') as string,
    });
  });

  it.each<[string, string, (card: Record<string, unknown>) => object]>([
    ['of a later version', 'version', (whole) => ({ ...whole, version: 2 })],
    ['of something else', 'format', (whole) => ({ ...whole, format: 'other' })],
    ['without labels', 'labels', ({ labels: _, ...rest }) => rest],
    ['with an asset outside its folder', 'assets', (whole) => ({ ...whole, assets: ['../../secret'] })],
    ['that is a list', 'expected object', () => []],
  ])('says what is wrong with a card %s', async (_what, named, edit) => {
    (await saved()).dispose();
    await editCard(edit);
    await expect(readModel(directory)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining(named) as string,
    });
  });

  it('says that a card is not JSON', async () => {
    (await saved()).dispose();
    await writeFile(join(directory, 'model.json'), '{"format":');
    await expect(readModel(directory)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('model.json is not JSON') as string,
    });
  });

  it.each(['task', 'source'] as const)(
    'names the plugin that brought its %s, and the version, where it is not here',
    async (kind) => {
      (await saved()).dispose();
      const plugins = { [kind]: { plugin: 'headstart-points', version: '3.1.0' } };
      await editCard((whole) => ({ ...whole, provenance: { sourceWeights: null, plugins } }));
      const missing = () => {
        throw unknownName(kind, 'point', []);
      };
      const error = await loadModel(
        directory,
        { ...parts, howToGet: howToGet([]), [kind]: missing },
        {} as never,
      ).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'unknown-name',
        message: expect.stringContaining('It was trained with headstart-points 3.1.0.') as string,
        hint: expect.stringMatching(/^Install headstart-points: .* headstart-points@3\.1\.0\.$/) as string,
        install: 'headstart-points@3.1.0',
      });
    },
  );

  it('does not load into another architecture', async () => {
    (await saved()).dispose();
    await editCard((whole) => ({ ...whole, labels: ['a', 'b', 'c'] }));
    await expect(loadModel(directory, parts, {} as never)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining('head/') as string,
    });
  });

  it('keeps a whole model where saving over it fails', async () => {
    const model = await saved();
    await rm(join(directory, 'history.jsonl'));
    await mkdir(join(directory, 'history.jsonl', 'in the way'), { recursive: true });
    await expect(saveModel(directory, model, card, [])).rejects.toMatchObject({ code: 'storage-failed' });
    expect((await readModel(directory)).card.labels).toEqual(card.labels);
    model.dispose();
  });
});
