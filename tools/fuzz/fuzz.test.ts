import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Draw } from './draw.ts';
import { FAMILIES } from './families.ts';
import type { Files } from './family.ts';
import { fuzz } from './fuzz.ts';
import { System } from './system.ts';
import { Tally } from './tally.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-fuzz-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Families whose valid inputs take no training to make. */
const QUICK = FAMILIES.map(({ name }) => name).filter(
  (name) => !['models', 'runs', 'features', 'benchmarks', 'bench-configs'].includes(name),
);

describe('fuzzing', () => {
  it('finds no fault in a few inputs of every kind that is quick to make', { timeout: 240_000 }, async () => {
    const failed: unknown[] = [];
    const tally = await fuzz({
      families: QUICK,
      seed: 17,
      inputs: 4 * QUICK.length,
      minutes: 3,
      jobs: 1,
      kept: join(folder, 'kept'),
      failed: (...each) => failed.push(each),
    });
    expect(failed).toEqual([]);
    expect(tally.faults).toBe(0);
  });

  it('makes the same input of the same seed', async () => {
    const system = new System(folder);
    for (const family of FAMILIES.filter(({ name }) => ['torch', 'layouts', 'encoders'].includes(name))) {
      const made = () => family.make(new Draw(5), system);
      expect(bytesOf(await made()), family.name).toEqual(bytesOf(await made()));
    }
  });

  it('counts by family what became of inputs', () => {
    const tally = new Tally();
    const took = { milliseconds: 1500, peak: 3 * 2 ** 20 };
    tally.add('b', { outcome: { kind: 'refused', code: 'usage', message: '' }, ...took });
    tally.add('a', { outcome: { kind: 'hang', message: '' }, ...took });
    tally.add('a', { outcome: { kind: 'accepted' }, ...took });
    expect(tally).toMatchObject({ inputs: 3, faults: 1 });
    expect(tally.lines().map((line) => line.split(/\s{2,}/).slice(0, 8))).toEqual([
      ['family', 'inputs', 'refused', 'accepted', 'no code', 'hang', 'memory', 'crash'],
      ['a', '2', '0', '1', '0', '1', '0', '0'],
      ['b', '1', '1', '0', '0', '0', '0', '0'],
      ['all', '3', '1', '1', '0', '1', '0', '0'],
    ]);
  });
});

const bytesOf = (files: Files) => [...files].map(([name, content]) => [name, Buffer.from(content).toString('base64')]);
