import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordText } from '../records/record-file.ts';
import { FolderStore } from '../records/folder-store.ts';
import { sealRecord, sha256 } from '../records/record-digest.ts';
import { writePredictions } from '../records/predictions.ts';
import { fakeBenchHeadstart, FakeTrials } from '../testing/fake-trials.test.support.ts';
import { runBench } from '../run/run-bench.ts';
import { verifyBench } from './verify-bench.ts';

let dir: string;
const headstart = fakeBenchHeadstart(new FakeTrials());
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstart-verify-'));
  const domains = { train: ['a'], test: ['b'] };
  await runBench(
    headstart,
    { sources: ['net'], domains, strategies: ['linear-probe', 'fine-tune'], seeds: 1 },
    { out: dir },
  );
});
afterAll(() => rm(dir, { recursive: true }));

/** Changes a file for as long as it is verified. */
async function whileChanged(file: string, change: (bytes: Buffer) => Buffer, rerun = 0) {
  const path = join(dir, file);
  const before = await readFile(path);
  await writeFile(path, change(before));
  try {
    return await verifyBench(headstart, dir, { rerun });
  } finally {
    await writeFile(path, before);
  }
}

/** What a benchmark's folder holds. */
async function files(): Promise<string[]> {
  const all = await readdir(dir, { recursive: true });
  const kinds = await Promise.all(all.map(async (name) => (await stat(join(dir, name))).isFile()));
  return all.filter((_, i) => kinds[i]).sort();
}

describe('a benchmark that is verified', () => {
  it('is found as it was written, and its cells to come out again as they did', async () => {
    expect(await verifyBench(headstart, dir, { rerun: 2 })).toMatchObject({
      records: 2,
      numbers: 2,
      bare: 0,
      files: ['bench.json', 'results.json'],
      rerun: [expect.any(String), expect.any(String)],
      apart: [],
      findings: [],
    });
  });

  it('is found altered in any byte', async () => {
    const all = await files();
    expect(all).toHaveLength(6);
    let draw = 1;
    for (const file of all)
      for (let i = 0; i < 5; i++) {
        const { findings } = await whileChanged(file, (bytes) => {
          draw = (draw * 48271) % 2147483647; // Park and Miller's generator
          const changed = Buffer.from(bytes);
          changed[draw % bytes.length]! ^= 1 << (draw % 8);
          return changed;
        });
        expect(findings, `${file}, draw ${draw}`).not.toEqual([]);
      }
  });

  it('is found altered where record and digest were made to fit one another', async () => {
    const store = new FolderStore(dir);
    const [id] = await store.ids();
    const { digest: _, ...record } = (await store.read(id!))!;
    const better = sealRecord({ ...record, metrics: { accuracy: 1 } });
    const text = Buffer.from(recordText(better));
    const file = `records/${id!.slice(0, 2)}/${id}/record.json`;
    const { findings } = await whileChanged(file, () => text);
    expect(findings[0]).toEqual({
      file,
      what: expect.stringMatching(/^It says accuracy 1, which is 0\.\d+ by its predictions\.$/) as string,
    });
    expect(findings[1]).toMatchObject({ file: 'results.json' });
  });

  it('is found altered by a second run where predictions and numbers were made to fit one another', async () => {
    const store = new FolderStore(dir);
    const ids = await store.ids();
    const [id] = ids;
    const { digest: _, ...record } = (await store.read(id!))!;
    const predictions = await store.predictions((await store.read(id!))!);
    const [truth, probabilities] = predictions.items.columns;
    const right = { ...probabilities!, values: probabilities!.values.map(() => [0.75, 0.25]) };
    const bytes = writePredictions({ ...predictions, items: { ...predictions.items, columns: [truth!, right] } });
    const better = sealRecord({
      ...record,
      metrics: { accuracy: 1 },
      predictions: { ...record.predictions!, sha256: sha256(bytes) },
    });
    const folder = `records/${id!.slice(0, 2)}/${id}`;
    const before = await readFile(join(dir, folder, 'predictions.parquet'));
    await writeFile(join(dir, folder, 'predictions.parquet'), bytes);
    const { findings } = await whileChanged(`${folder}/record.json`, () => Buffer.from(recordText(better)), ids.length);
    await writeFile(join(dir, folder, 'predictions.parquet'), before);
    expect(findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^It is not what its records come to/),
      'Run again: its metrics came out otherwise.',
      'Run again: its predictions came out otherwise.',
    ]);
  });

  it('is refused where there is none', async () => {
    await expect(verifyBench(headstart, join(dir, 'records'))).rejects.toThrow(
      /There is no benchmark in .*: it has no bench\.json/,
    );
  });
});

describe('cells that were trained together', () => {
  let stacked: string;
  const session = new FakeTrials({ stacks: true });
  const together = fakeBenchHeadstart(session);
  const store = () => new FolderStore(stacked);
  const config = {
    sources: ['net'],
    domains: { train: ['a'], test: ['b', 'c'] },
    strategies: ['linear-probe'],
    seeds: 3,
  };
  beforeAll(async () => {
    stacked = await mkdtemp(join(tmpdir(), 'headstart-stacked-'));
    // Of one trial a test is done already: it is stacked with the test that is left.
    await runBench(together, config, { out: stacked, only: [{ seed: 1, test: 'c' }] });
    await runBench(together, config, { out: stacked });
  });
  afterAll(() => rm(stacked, { recursive: true }));

  it('are trained with the same others again, and come out bit for bit', async () => {
    const records = await Promise.all((await store().ids()).map(async (id) => (await store().read(id))!));
    const sizes = records.map(({ measured }) => (measured.stack ?? []).map((members) => members.length));
    expect(sizes.filter(({ length }) => length > 0)).toEqual(Array(5).fill([2, 1, 2]));
    session.ran.length = 0;
    expect(await verifyBench(together, stacked, { rerun: 6 })).toMatchObject({ findings: [], apart: [] });
    expect(session.ran).toHaveLength(5 * 3 + 1);
  });

  it('are compared by themselves where their record does not say with which, or these are no more', async () => {
    const ids = await store().ids();
    for (const id of ids) {
      const { digest: _, ...record } = (await store().read(id))!;
      const { stack, ...measured } = record.measured;
      if (!stack) continue;
      const path = join(store().folder(id), 'record.json');
      const before = await readFile(path);
      for (const known of [undefined, [['0'.repeat(64)], ...stack]]) {
        const other = sealRecord({ ...record, measured: { ...measured, ...(known && { stack: known }) } });
        await writeFile(path, recordText(other));
        const { findings, apart } = await verifyBench(together, stacked, { rerun: ids.length });
        expect(findings).toEqual([]);
        expect(apart).toEqual([id]);
      }
      await writeFile(path, before);
      return;
    }
  });

  it('are said to have been computed elsewhere where they come out otherwise', async () => {
    const elsewhere = fakeBenchHeadstart(new FakeTrials({ stacks: true, threads: 4 }));
    const { findings } = await verifyBench(elsewhere, stacked, { rerun: 1 });
    expect(findings.map(({ what }) => what)).toEqual([
      'Run again: its predictions came out otherwise.',
      'Run again: last digits depend on what it was computed with: threads (1 then, 4 here).',
    ]);
  });
});
