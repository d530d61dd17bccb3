import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { ReadSample } from '../domains/target-domain.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { Backend } from '../ports/backend.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';
import type { Headstart } from './headstart.ts';

/** The points, each of the first ten once more, one of them under another label; and two without a label. */
const messy: RegisteredDataset = {
  ...pointDataset,
  id: 'messy',
  async load(runtime, options) {
    const data = await pointDataset.load(runtime, options);
    const copies = data.samples.slice(0, 10).map(({ sample }, n): ReadSample => {
      const copy = Object.assign({}, sample, { id: `copy ${n}` });
      return { sample: n === 0 ? Object.assign(copy, { label: (sample.label! + 1) % 3 }) : copy };
    });
    const unlabelled = [1, 2].map((line) => ({ id: `points:${line}`, reason: 'the label is empty' }));
    return { ...data, id: 'messy', samples: [...data.samples, ...copies], unlabelled };
  },
};

let root: string;
let backend: Backend;
let headstart: Headstart;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-clean-'));
  backend = await plainBackend();
  const messyPlugin = definePlugin({
    name: 'messy',
    version: '1.0.0',
    headstart: '^0.1',
    setup: ({ datasets }) => datasets.add(messy),
  });
  headstart = await createHeadstart({ backend, plugins: [pointPlugin(), messyPlugin()], cacheRoot: root });
});
afterAll(() => rm(root, { recursive: true }));

const clean = ['missing-labels', 'duplicates'] as const;
let runs = 0;
const request = () => ({ target: 'messy', clean, epochs: 1, out: join(root, `run-${++runs}`) });

describe('data that are cleaned for a training', () => {
  it('are refused before, and say in its result and its card what was done', async () => {
    await expect(headstart.plan({ target: 'messy' })).rejects.toMatchObject({
      code: 'label-invalid',
      message: expect.stringContaining('messy: 2 of 102 samples have no label: points:1') as string,
    });
    const reports: unknown[] = [];
    const asked = request();
    const result = await headstart.train(asked, { events: { reading: (report) => void reports.push(report.cleaned) } });
    // Of 100 samples the ten copies go, and the point that contradicts its copy.
    expect(Object.values(result.samples).reduce((sum, count) => sum + count, 0)).toBe(89);
    expect(reports).toEqual([
      [
        { code: 'missing-labels', samples: 2, message: '2 samples without a label left out' },
        { code: 'duplicates', samples: 11, message: expect.stringContaining('2 of them') as string },
      ],
    ]);
    const card = JSON.parse(await readFile(join(asked.out, 'model.json'), 'utf8')) as { target: object };
    expect(card.target).toMatchObject({ clean });
  });

  it('are read the same when the run is resumed', async () => {
    const { out, ...asked } = { ...request(), epochs: 3, checkpointEvery: 1 };
    const stop = new AbortController();
    const events = { epochEnd: () => stop.abort() };
    const interrupted = headstart.train({ ...asked, out }, { events, signal: stop.signal });
    await expect(interrupted).rejects.toMatchObject({ code: 'interrupted' });
    const run = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as { request: object };
    expect(run.request).toMatchObject({ clean });
    const resumed = await headstart.resume(out);
    const whole = await headstart.train({ ...asked, out: join(root, 'whole') });
    expect([resumed.samples, resumed.metrics]).toEqual([whole.samples, whole.metrics]);
  });

  it('are known again by an evaluation, which measures on what was not learned', async () => {
    const { model: folder, samples } = await headstart.train(request());
    const model = await headstart.load(folder);
    try {
      expect(await model.evaluate('messy')).toMatchObject({
        split: 'test',
        samples: samples['test'],
        cleaned: [{ code: 'missing-labels' }, { code: 'duplicates' }],
      });
      // Other data are taken as they are, unless it is asked for.
      expect(await model.evaluate('points')).toMatchObject({ split: 'all', samples: 90, cleaned: [] });
      await expect(model.evaluate('messy', { clean: [] })).rejects.toMatchObject({ code: 'label-invalid' });
      const asked = await model.evaluate('messy', { clean: ['missing-labels'] });
      expect(asked).toMatchObject({ split: 'all', samples: 100, cleaned: [{ code: 'missing-labels' }] });
    } finally {
      model.dispose();
    }
  });
});

describe('data under --strict', () => {
  it('are refused where a warning is left, and taken where none is', async () => {
    const warned = { code: 'target-doubtful', hint: expect.stringContaining('--clean duplicates') as string };
    await expect(headstart.plan({ target: 'messy', clean: ['missing-labels'], strict: true })).rejects.toMatchObject(
      warned,
    );
    const strict = { target: 'messy', clean, strict: true, split: [50, 25, 25] as const };
    expect((await headstart.plan(strict)).warnings).toEqual([]);
    expect(await headstart.inspect({ target: 'messy', clean: ['missing-labels'], strict: true })).toMatchObject({
      error: warned,
    });
    expect(await headstart.inspect(strict)).not.toHaveProperty('error');
  });

  it('know the words for cleaning', async () => {
    const wrong = { target: 'points', clean: ['everything'] as never };
    await expect(headstart.plan(wrong)).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('it must be some of missing-labels, ') as string,
    });
  });
});
