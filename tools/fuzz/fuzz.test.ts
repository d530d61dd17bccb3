import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Draw } from './draw.ts';
import { FAMILIES } from './families.ts';
import type { Files } from './family.ts';
import { fuzz, replay } from './fuzz.ts';
import { System } from './system.ts';
import { Tally } from './tally.ts';
import { writeFiles } from './write-files.ts';

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
  it('finds no fault in a few inputs of every kind that is quick to make', { timeout: 600_000 }, async () => {
    const failed: unknown[] = [];
    const inputs = 4 * QUICK.length;
    const tally = await fuzz({
      ...{ families: QUICK, seed: 17, inputs },
      minutes: 9,
      jobs: 1,
      kept: join(folder, 'kept'),
      failed: (...each) => failed.push(each),
    });
    expect(failed).toEqual([]);
    expect(tally).toMatchObject({ inputs, faults: 0 });
  });

  // Else what is altered would be refused before anything reads it.
  describe('takes what is valid', () => {
    const system = () => (opened ??= new System(join(folder, 'cache')));
    let opened: System | undefined;
    it.each(FAMILIES.map((family) => [family.name, family] as const))(
      'of the family %s',
      { timeout: 240_000 },
      async (name, family) => {
        const inputs = await family.valid(system());
        expect(inputs.length).toBeGreaterThan(0);
        for (const [i, files] of inputs.entries()) {
          const at = join(folder, `valid-${name}-${i}`);
          await writeFiles(at, files);
          for (const needed of family.needs ?? []) expect([...files.keys()]).toContain(needed);
          await family.read(at, system());
        }
      },
    );
  });

  it('keeps the input that a child ended of, at once or later, and goes on with another child', async () => {
    const kept = join(folder, 'kept-dead');
    const failed: string[] = [];
    const tally = await fuzz({
      ...{ families: ['dies', 'lives', 'dies-late', 'lives'], seed: 100, inputs: 8, minutes: 9, jobs: 1, kept },
      failed: (family, seed, { kind }) => failed.push(`${family} ${seed} ${kind}`),
      script: fileURLToPath(new URL('fuzz.test.child.ts', import.meta.url)),
    });
    expect(tally.inputs).toBe(8);
    expect(failed).toEqual(['dies 100 crash', 'dies-late 102 crash', 'dies 104 crash', 'dies-late 106 crash']);
    for (const name of ['dies-104', 'dies-late-106'])
      expect(await readFile(join(kept, name, 'input/seed.txt'), 'utf8')).toBe(name.slice(-3));
  });

  it('replays only what is there', async () => {
    const told: unknown[] = [];
    const replayed = (at: string) => replay('torch', [at], (...each) => told.push(each));
    await expect(replayed(join(folder, 'nowhere'))).rejects.toThrow(/has no input of the family torch/);
    await writeFiles(join(folder, 'other'), new Map([['w.txt', '']]));
    await expect(replayed(join(folder, 'other'))).rejects.toThrow(/it lacks w\.pth/);
    expect(told).toEqual([]);
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
