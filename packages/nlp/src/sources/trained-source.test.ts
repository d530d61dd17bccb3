import { createHeadstart, type Headstart } from '@headstart/core';
import { plainBackend } from '@headstart/core/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TINY_CONFIGS, writeTinyEncoder, writeTinyWeights } from '../encoders/tiny-encoder.test.kit.ts';
import { nlp } from '../plugin.ts';
import { encoderScheme } from './encoder-source.ts';

let root: string;
let headstart: Headstart;
let encoder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-trained-source-'));
  const backend = await plainBackend();
  encoder = join(root, 'encoder');
  await writeTinyEncoder(encoder, TINY_CONFIGS.bert);
  const backbone = await encoderScheme
    .resolve(encoder)
    .open({ artifacts: {}, progress: {} } as never, { weights: 'none' });
  await writeTinyWeights(
    encoder,
    backbone.stages.flatMap(({ variables }) => variables),
  );
  backbone.dispose();
  headstart = await createHeadstart({ backend, plugins: [nlp()], cacheRoot: join(root, 'cache') });
  const rows = Array.from(
    { length: 20 },
    (_, i) => `the ${i % 2 ? 'cat' : 'dog'} sat${' very'.repeat(i)},${i % 2 ? 'cat' : 'dog'}`,
  );
  await writeFile(join(root, 'texts.csv'), ['text,label', ...rows].join('\n'));
});
afterAll(async () => {
  await headstart.close();
  await rm(root, { recursive: true });
});

it('a text model as a source embeds as the model does, is trained on, and has its files checked', async () => {
  const request = { target: join(root, 'texts.csv'), strategy: 'fine-tune', epochs: 1, learningRate: 0.05 };
  const { model } = await headstart.train({ ...request, source: `encoder:${encoder}`, out: join(root, 'run') });
  const loaded = await headstart.load(model);
  const own = await loaded.embed(['hello', 'the cat']);
  loaded.dispose();
  const asSource = await headstart.embed(`model:${model}`, ['hello', 'the cat']);
  expect(asSource.shape).toEqual(own.shape);
  expect([...asSource.data]).toEqual([...own.data]);
  // It is the trained encoder, not the one that it came from.
  expect([...(await headstart.embed(`encoder:${encoder}`, ['hello', 'the cat'])).data]).not.toEqual([...own.data]);

  const next = await headstart.train({ ...request, source: `model:${model}`, out: join(root, 'next') });
  expect(next.source).toBe(`model:${model}`);

  // A file that the encoder is built from, changed so that it is still read.
  const settings = join(model, 'source', 'sentence.json');
  await writeFile(settings, JSON.stringify({ pooling: 'mean', normalise: false, length: 9 }));
  for (const strategy of ['linear-probe', 'from-scratch'])
    await expect(
      headstart.train({ ...request, strategy, source: `model:${model}`, out: join(root, strategy) }),
      strategy,
    ).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('source/sentence.json') as string,
    });
});
