import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'headstart-unwritable-'))));
afterAll(() => rm(root, { recursive: true, force: true }));

const train = async (cacheRoot: string, strategy: string) => {
  const headstart = await createHeadstart({ backend: await plainBackend(), plugins: [pointPlugin()], cacheRoot });
  const out = join(root, `${strategy}-run`);
  const { model } = await headstart.train({ target: 'points', strategy, epochs: 1, out });
  const loaded = await headstart.load(model);
  await loaded.evaluate('points');
  loaded.dispose();
  await headstart.close();
  return model;
};

it.each(['fine-tune', 'from-scratch'])(
  'a cache that nothing can be written to does not end %s, which needs no features',
  async (strategy) => {
    // Also for a user whom no permission stops: nothing can lie below a file.
    const file = join(root, 'file');
    await writeFile(file, '');
    expect(existsSync(join(await train(join(file, 'cache'), strategy), 'model.json'))).toBe(true);
  },
);

it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a cache that is read only does not end a training whose features it would keep',
  async () => {
    const cache = join(root, 'read-only');
    await mkdir(cache);
    await chmod(cache, 0o555);
    expect(existsSync(join(await train(cache, 'linear-probe'), 'model.json'))).toBe(true);
  },
);
