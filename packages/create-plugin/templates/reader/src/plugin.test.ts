import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart, RandomStream, silentProgress, type Headstart } from '@headstart/core';
import { plainBackend, pointPlugin } from '@headstart/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from './index.ts';
import { reader } from './reader.ts';

let folder: string;
let headstart: Headstart;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'your-name-'));
  const plugins = [pointPlugin(), plugin()];
  headstart = await createHeadstart({ backend: await plainBackend(), plugins, cacheRoot: join(folder, 'cache') });
});
afterAll(async () => {
  await headstart.close();
  await rm(folder, { recursive: true });
});

async function file(text: string, name = 'some.points'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
const read = (path: string, skipBad = false) => reader.read(path, { skipBad, progress: silentProgress, options: {} });

describe('the reader', () => {
  it('knows its files by their extension', async () => {
    expect(await reader.detect('data/some.points')).toBeGreaterThan(0.5);
    expect(await reader.detect('data/points.csv')).toBe(0);
  });

  it('reads points and labels, each point with a digest of its own', async () => {
    const path = await file('# x, y, label\n1.5, -2, right\n\n-1,0,left\r\n2,2,right\n');
    const { labels, samples } = await read(path);
    expect(labels).toEqual(['left', 'right']);
    expect(samples.map(({ sample: { id, point, label } }) => ({ id, point, label }))).toEqual([
      { id: 'some.points:2', point: [1.5, -2], label: 1 },
      { id: 'some.points:4', point: [-1, 0], label: 0 },
      { id: 'some.points:5', point: [2, 2], label: 1 },
    ]);
    expect(new Set(samples.map(({ sample }) => sample.digest)).size).toBe(3);
  });

  it.each([
    ['1, 2', 'it has 2 fields where two coordinates and a label are needed'],
    ['1, two, left', '"two" is not a number'],
    ['1, , left', '"" is not a number'],
    ['1, 2, ', 'it has no label'],
  ])('refuses the line "%s" by its number, or leaves it out', async (line, fault) => {
    const path = await file(`1, 1, left\n${line}\n2, 2, right\n`);
    await expect(read(path)).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: `${path}, line 2: ${fault}.`,
    });
    const { samples, skipped } = await read(path, true);
    expect(samples).toHaveLength(2);
    expect(skipped).toEqual([{ id: 'some.points:2', reason: fault }]);
  });

  it('is chosen for its files, and what it reads is learned', async () => {
    const random = new RandomStream('your-name');
    const lines = Array.from({ length: 60 }, (_, i) => {
      const [x, label] = i % 2 === 0 ? [2, 'right'] : [-2, 'left'];
      return `${x + 0.5 * random.normal()}, ${random.normal()}, ${label}`;
    });
    const target = await file(lines.join('\n'), 'sides.points');
    const { metrics, samples } = await headstart.train({ target, epochs: 8, seed: 1, out: join(folder, 'model') });
    expect(samples).toEqual({ train: 42, validation: 6, test: 12 });
    expect(metrics['test']!['accuracy']).toBeGreaterThan(0.9);
  });
});
