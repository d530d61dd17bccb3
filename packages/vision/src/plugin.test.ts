import { eagerStep, type Backend } from '@headstart/core/backend';
import { createHeadstart } from '@headstart/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import vision from './index.ts';

/** Registration computes nothing. */
const idle: Backend = {
  name: 'idle',
  device: 'cpu',
  reason: 'nothing is computed',
  details: {},
  memory: () => ({ tensors: 0, bytes: 0, residentBytes: 0 }),
  compile: eagerStep,
  close: async () => {},
};

describe('the plugin', () => {
  let cacheRoot: string;
  beforeAll(async () => void (cacheRoot = await mkdtemp(join(tmpdir(), 'headstart-plugin-'))));
  afterAll(() => rm(cacheRoot, { recursive: true }));

  it('brings its parts to a composed system, each task with a source and readers with a task that exist', async () => {
    const headstart = await createHeadstart({ backend: idle, plugins: [vision()], cacheRoot });
    const own = <T>(list: readonly { plugin: string; value: T }[]) =>
      list.filter(({ plugin }) => plugin === '@headstart/vision').map(({ value }) => value);
    expect(
      own(headstart.readers())
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['image-csv', 'image-folder']);
    expect(
      own(headstart.datasets())
        .map(({ id }) => id)
        .sort(),
    ).toEqual([
      'emoji-apple',
      'emoji-facebook',
      'emoji-fluent-color',
      'emoji-fluent-contrast',
      'emoji-fluent-flat',
      'emoji-google',
      'emoji-openmoji',
      'emoji-twitter',
      'mnist',
      'textile-defects',
    ]);
    expect(
      own(headstart.sources())
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['efficientnet-lite0', 'small-cnn']);
    expect(
      own(headstart.sourceSchemes())
        .map(({ scheme }) => scheme)
        .sort(),
    ).toEqual(['small-cnn', 'tfjs']);
    const [task, several] = own(headstart.tasks());
    expect(headstart.sources().map(({ value }) => value.id)).toContain(task!.defaults.source);
    expect(headstart.strategies().map(({ value }) => value.id)).toContain(task!.defaults.strategy);
    expect(task!.augmentations).toContain(task!.defaults.augmentation);
    expect(headstart.metrics().map(({ value }) => value.id)).toContain(task!.monitor.metric);
    expect(headstart.metrics().map(({ value }) => value.id)).toContain(several!.monitor.metric);
    expect(several!.id).toBe('multi-label-image-classification');
    for (const { task: id } of [...own(headstart.readers()), ...own(headstart.datasets())]) expect(id).toBe(task!.id);
    await headstart.close();
  });

  it('refuses a background that is not a colour', async () => {
    const plugins = [vision({ background: [0, 0, 300] })];
    await expect(createHeadstart({ backend: idle, plugins, cacheRoot })).rejects.toMatchObject({
      code: 'plugin-invalid',
      message: expect.stringContaining('@headstart/vision') as string,
    });
  });
});
