import { createHeadstart, type Headstart } from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import { readTorchCheckpoint } from '@headstart/core/formats';
import { pointPlugin } from '@headstart/core/testing';
import { createHash } from 'node:crypto';
import { cp, copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredFile, Use } from './flip-bits.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex').slice(0, 12);

/** Everything that a run stores, made by runs on points that take milliseconds, in a folder of its own. */
export async function pointFiles(backend: Backend, root: string): Promise<StoredFile[]> {
  const at = (...parts: string[]) => join(root, ...parts);
  const open = () => createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: at('cache') });
  const request = { target: 'points', strategy: 'linear-probe', epochs: 3, batchSize: 16 };
  let warnings = 0;
  const events = { warning: () => void warnings++ };
  const used = async (work: (headstart: Headstart) => Promise<string>): Promise<Use> => {
    warnings = 0;
    const result = await work(await open());
    return { result, told: warnings > 0 };
  };

  const { model } = await (await open()).train({ ...request, out: at('model') });
  await cp(at('cache'), at('cache-whole'), { recursive: true });
  await cp(model, at('model-whole'), { recursive: true });
  const stop = new AbortController();
  let steps = 0;
  const stopping = { step: () => void (++steps === 6 && stop.abort()) };
  const run = { ...request, strategy: 'fine-tune', out: at('run') };
  await (await open()).train(run, { events: stopping, signal: stop.signal }).catch(() => {});
  await cp(at('run'), at('run-whole'), { recursive: true });

  const copyOf = (folder: string) => async () => {
    await rm(at(folder), { recursive: true, force: true });
    await cp(at(`${folder}-whole`), at(folder), { recursive: true });
  };
  const retrain = () =>
    used(async (headstart) => {
      await rm(at('again'), { recursive: true, force: true });
      const { metrics } = await headstart.train({ ...request, out: at('again') }, { events });
      return JSON.stringify(metrics) + sha256(await readFile(at('again', 'weights.safetensors')));
    });
  const resume = () =>
    used(async (headstart) => {
      const { metrics } = await headstart.resume(at('run'), { events });
      return JSON.stringify(metrics) + sha256(await readFile(at('run', 'weights.safetensors')));
    });
  const load = () =>
    used(async (headstart) => {
      const loaded = await headstart.load(model);
      try {
        const { metrics } = await loaded.evaluate('points');
        const { training: _, ...card } = loaded.card;
        return JSON.stringify([
          await loaded.predict(['0,1', '1,0', '-1,-1'].map((text) => Buffer.from(text))),
          metrics.values,
          card,
        ]);
      } finally {
        loaded.dispose();
      }
    });
  const features = (await readdir(at('cache'), { recursive: true })).filter((name) => /\.(bin|json)$/.test(name));
  return [
    ...features.map((name) => ({
      name: `features: ${name.slice(-9)}`,
      path: at('cache', name),
      restore: copyOf('cache'),
      use: retrain,
    })),
    ...['checkpoint.safetensors', 'run.json'].map((name) => ({
      name: `run: ${name}`,
      path: at('run', name),
      restore: copyOf('run'),
      use: resume,
    })),
    ...['model.json', 'weights.safetensors', 'history.jsonl'].map((name) => ({
      name: `model: ${name}`,
      path: at('model', name),
      restore: copyOf('model'),
      use: load,
    })),
  ];
}

/** A file of torch.save. @param original which stays as it is */
export function torchFile(original: string, root: string): StoredFile {
  const path = join(root, 'weights.pth');
  return {
    name: 'weights of torch.save',
    path,
    restore: () => copyFile(original, path),
    async use() {
      const tensors: unknown[] = [];
      for (const [name, tensor] of await readTorchCheckpoint(path)) {
        const { buffer, byteOffset, byteLength } = await tensor.read();
        tensors.push([name, tensor.shape, tensor.dtype, sha256(new Uint8Array(buffer, byteOffset, byteLength))]);
      }
      return { result: JSON.stringify(tensors), told: false };
    },
  };
}
