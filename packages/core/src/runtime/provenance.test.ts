import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Plugin } from '../plugins/plugin.ts';
import type { Backend } from '../ports/backend.ts';
import { CORE_VERSION } from '../ports/version.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { createHeadstart } from './create-headstart.ts';

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-provenance-'));
});
afterAll(() => rm(root, { recursive: true }));

const compose = (points = pointPlugin()) =>
  createHeadstart({ backend, plugins: [points], cacheRoot: join(root, 'cache') });
const read = async (...path: string[]) =>
  JSON.parse(await readFile(join(root, ...path), 'utf8')) as Record<string, unknown>;
const request = (out: string) => ({ target: 'points', strategy: 'fine-tune', epochs: 1, out: join(root, out) });

/** The source's published values, stage by stage, each after its name and shape. */
async function publishedDigest(): Promise<string> {
  const backbone = await pointSource.open({} as never, { weights: 'published' });
  const hash = createHash('sha256');
  for (const { name, variables } of backbone.stages) {
    for (const { name: variable, value } of variables) {
      hash.update(`${name}/${variable}:${value.shape.join('x')};`);
      hash.update(new Uint8Array((await value.data<'float32'>()).slice().buffer));
    }
  }
  backbone.dispose();
  return hash.digest('hex');
}

it('says in run file and card which weights training began with, and who brought the parts', async () => {
  const { definition } = pointPlugin();
  const points = { plugin: definition.name, version: definition.version };
  const plugins = {
    task: points,
    source: points,
    strategy: { plugin: '@headstart/core', version: CORE_VERSION },
    reader: points,
  };
  const headstart = await compose();
  let file: Record<string, unknown> = {};
  const events = { runStart: async () => void (file = await read('tuned', 'run.json')) };
  await headstart.train(request('tuned'), { events });
  expect(file).toMatchObject({ plugins });
  expect(await read('tuned', 'model.json')).toMatchObject({
    provenance: { sourceWeights: await publishedDigest(), plugins },
    headstart: CORE_VERSION,
  });

  await headstart.train({ ...request('onward'), source: `model:${join(root, 'tuned')}`, strategy: 'lora:1' });
  const onward = (await read('onward', 'model.json')).provenance as { sourceWeights: string; plugins: object };
  expect(onward.plugins).toMatchObject({ source: plugins.strategy, strategy: plugins.strategy });
  expect(onward.sourceWeights).toMatch(/^[0-9a-f]{64}$/);
  expect(onward.sourceWeights).not.toBe(await publishedDigest());

  await headstart.train({ ...request('fresh'), strategy: 'from-scratch' });
  expect(await read('fresh', 'model.json')).toMatchObject({ provenance: { sourceWeights: null } });
});

it('loads a card that is older than that', async () => {
  const headstart = await compose();
  await headstart.train(request('old'));
  const { provenance: _, ...card } = await read('old', 'model.json');
  await writeFile(join(root, 'old', 'model.json'), JSON.stringify(card));
  const model = await headstart.load(join(root, 'old'));
  expect(await model.predict(['0,3'])).toHaveLength(1);
  model.dispose();
});

it('warns where a run goes on with another version of a plugin', async () => {
  const stopped = new AbortController();
  const interrupting = { epochEnd: () => stopped.abort() };
  const training = (await compose()).train(
    { ...request('changed'), epochs: 3 },
    { events: interrupting, signal: stopped.signal },
  );
  await expect(training).rejects.toMatchObject({ code: 'interrupted' });
  const { definition, ...points } = pointPlugin();
  const newer: Plugin = { ...points, definition: { ...definition, version: '9.9.9' } };
  const warnings: string[] = [];
  await (await compose(newer)).resume(join(root, 'changed'), {
    events: { warning: (message) => void warnings.push(message) },
  });
  const was = `${definition.name} ${definition.version}`;
  expect(warnings.filter((message) => message.includes('9.9.9'))).toEqual(
    ['task', 'source', 'reader'].map(
      (part) => `The plugin of the ${part} was ${was} and is ${definition.name} 9.9.9 now: the result may differ.`,
    ),
  );
});
