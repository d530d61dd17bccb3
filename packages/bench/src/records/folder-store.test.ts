import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { smallPredictions, smallRecord } from '../testing/small-record.test.support.ts';
import { FolderStore } from './folder-store.ts';
import { readRecords } from './read-records.ts';
import { sealRecord } from './record-digest.ts';
import { newAside, removeLeftovers } from './work-folder.ts';

let dir: string;
let store: FolderStore;
const { record, predictions } = smallRecord();
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstart-records-'));
  store = new FolderStore(dir);
});
afterEach(() => rm(dir, { recursive: true }));

describe('a folder of records', () => {
  it('gives back what was published, predictions value by value', async () => {
    expect(await store.read(record.id)).toBeUndefined();
    expect(await store.publish(record, predictions)).toBe(true);
    expect(await store.ids()).toEqual([record.id]);
    expect(await store.read(record.id)).toEqual(record);
    expect(await store.predictions(record)).toEqual(smallPredictions);
    expect(await readdir(join(dir, '.work'))).toEqual([]);
  });

  it('keeps a done record, and replaces one that failed or was damaged', async () => {
    const { id: _, digest: __, ...rest } = record;
    const error = { code: 'diverged', message: 'It did.', hint: 'Lower the rate.' } as const;
    const failed = sealRecord({ ...rest, id: record.id, state: 'failed', error, predictions: undefined });
    await store.publish(failed);
    expect((await store.read(record.id))?.error).toEqual(error);
    expect(await store.publish(record, predictions)).toBe(true);
    expect(await store.publish(failed)).toBe(false);
    expect((await store.read(record.id))?.state).toBe('done');
    await writeFile(join(store.folder(record.id), 'record.json'), '{');
    expect(await store.publish(record, predictions)).toBe(true);
    expect(await store.read(record.id)).toEqual(record);
  });

  it.each([
    ['record.json', (text: Buffer) => flipped(text, text.indexOf('accuracy'))],
    ['record.json', (text: Buffer) => Buffer.concat([text, Buffer.from(' ')])],
    ['record.json', (text: Buffer) => text.subarray(0, 40)],
    ['predictions.parquet', (bytes: Buffer) => flipped(bytes, 60)],
  ])('refuses a changed %s', async (file, change) => {
    await store.publish(record, predictions);
    const path = join(store.folder(record.id), file);
    await writeFile(path, change(await readFile(path)));
    await expect(store.read(record.id)).rejects.toThrow(`${path} is not as it was written`);
    const { records, damaged } = await readRecords(store);
    expect(records.size).toBe(0);
    expect(damaged.map(({ id }) => id)).toEqual([record.id]);
  });

  it('refuses a record in the folder of another, and one whose predictions are gone', async () => {
    await store.publish(record, predictions);
    const other = smallRecord({ seed: 1 }).record;
    await cp(store.folder(record.id), store.folder(other.id), { recursive: true });
    await expect(store.read(other.id)).rejects.toThrow(/lies in the folder of another/);
    await rm(join(store.folder(record.id), 'predictions.parquet'));
    await expect(store.read(record.id)).rejects.toThrow(/predictions\.parquet is not as it was written: it is missing/);
  });

  it('merges with another by copying', async () => {
    const other = smallRecord({ seed: 1 });
    await store.publish(record, predictions);
    const second = new FolderStore(join(dir, 'second'));
    await second.publish(other.record, other.predictions);
    await cp(join(second.dir, 'records'), join(dir, 'records'), { recursive: true });
    expect([...(await readRecords(store)).records.keys()].sort()).toEqual([record.id, other.record.id].sort());
  });

  it('loses what killed processes had begun to write, and nothing of those that live', async () => {
    const mine = newAside(dir);
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const theirs = mine.replace(`-${process.pid}-`, `-${pid}-`);
    const elsewhere = theirs.replace(/aside-.{12}/, 'aside-000000000000');
    for (const folder of [mine, theirs, elsewhere]) await mkdir(folder, { recursive: true });
    await removeLeftovers(dir);
    expect((await readdir(join(dir, '.work'))).map((name) => join(dir, '.work', name)).sort()).toEqual(
      [mine, elsewhere].sort(),
    );
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at]! ^= 1;
  return changed;
}
