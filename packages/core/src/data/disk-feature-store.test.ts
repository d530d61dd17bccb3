import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { featureKeyDigest, type FeatureKey } from './feature-key.ts';
import { DiskFeatureStore } from './disk-feature-store.ts';
import type { FeatureSet } from './feature-store.ts';

const KEY: FeatureKey = {
  architecture: 'net@1',
  weights: 'w',
  stage: 's',
  encoding: 'e',
  view: 'plain',
  backend: 'cpu/cpu',
  row: { x: { shape: [2], dtype: 'float32' } },
};

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-features-'))));
afterEach(() => rm(root, { recursive: true }));

const rowsOf = (set: FeatureSet, values: readonly number[]) =>
  set.layout.pack({ x: Float32Array.from(values) }, values.length / 2);
const read = async (set: FeatureSet, digests: string[]) => [...(await set.read(digests)).x!];

/** The files below a folder that this process holds open. */
async function openFiles(folder: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const handles = await readdir('/proc/self/fd');
  const paths = await Promise.all(handles.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(folder));
}

describe('DiskFeatureStore', () => {
  it('removes the sets that were used longest ago where all take more than they may, and never its own', async () => {
    const keys = ['a', 'b', 'c', 'd'].map((weights) => ({ ...KEY, weights }));
    const fill = async (store: DiskFeatureStore, key: FeatureKey, ageInHours: number) => {
      const set = await store.open(key);
      if (!set.has('x')) await set.append(['x', 'y'], [rowsOf(set, [1, 2]), rowsOf(set, [3, 4])]);
      await set.close();
      const then = new Date(Date.now() - 3_600_000 * ageInHours);
      await utimes(set.folder, then, then);
      return set.folder;
    };
    // A set is 16 bytes of rows and an index of about 86.
    const folders: string[] = [];
    for (const [i, age] of [
      [0, 3],
      [1, 5],
      [2, 4],
    ] as const)
      folders[i] = await fill(new DiskFeatureStore(root), keys[i]!, age);
    const kept = async () =>
      (
        await Promise.all(
          folders.map((folder) =>
            stat(folder).then(
              () => true,
              () => false,
            ),
          ),
        )
      ).map(Number);
    expect(await kept()).toEqual([1, 1, 1]);
    // Room for three sets: with a fourth, the oldest goes.
    folders[3] = await fill(new DiskFeatureStore(root, { diskLimit: 320 }), keys[3]!, 0);
    expect(await kept()).toEqual([1, 0, 1, 1]);
    // What is opened counts as used just now.
    await (await new DiskFeatureStore(root, { diskLimit: 320 }).open(keys[2]!)).close();
    // No room at all: the two that this store has used stay.
    const own = new DiskFeatureStore(root, { diskLimit: 0 });
    const open = await own.open(keys[1]!);
    await open.append(['x'], [rowsOf(open, [5, 6])]);
    expect(await kept()).toEqual([1, 1, 1, 1]);
    await (await own.open(keys[2]!)).close();
    expect(await kept()).toEqual([0, 1, 1, 0]);
    expect(await read(open, ['x'])).toEqual([5, 6]);
    await open.close();
    expect(await kept()).toEqual([0, 1, 1, 0]);
  });

  it('removes nothing that is not a set, whatever the folder holds besides', async () => {
    const others = [
      'photos/cats/1.jpg',
      'ab/notes/a.txt',
      `ab/${'c'.repeat(64)}/a.txt`,
      `zz/${'z'.repeat(64)}/a.txt`,
      `${'d'.repeat(64)}/a/b.txt`,
    ].map((path) => join(root, path));
    for (const path of others) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, 'mine');
    }
    const set = await new DiskFeatureStore(root).open(KEY);
    await set.append(['a'], [rowsOf(set, [1, 2])]);
    await set.close();
    await (await new DiskFeatureStore(root, { diskLimit: 0 }).open({ ...KEY, weights: 'other' })).close();
    await expect(stat(set.folder)).rejects.toMatchObject({ code: 'ENOENT' });
    for (const path of others) expect(await readFile(path, 'utf8'), path).toBe('mine');
  });

  it('goes on where another process removed the set meanwhile', async () => {
    const set = await new DiskFeatureStore(root, { memoryLimit: 0 }).open(KEY);
    await set.append(['a'], [rowsOf(set, [1, 2])]);
    await rm(set.folder, { recursive: true });
    await set.refresh();
    if (process.platform === 'linux') expect(await read(set, ['a'])).toEqual([1, 2]);
    await set.append(['b'], [rowsOf(set, [3, 4])]);
    expect(await read(set, ['b'])).toEqual([3, 4]);
    await set.close();
    const again = await new DiskFeatureStore(root).open(KEY);
    expect([again.has('a'), again.has('b')]).toEqual([false, true]);
    await again.close();
  });

  it('gives rows back in any order, in this set and in another', async () => {
    const set = await new DiskFeatureStore(root).open(KEY);
    await set.append(['a', 'b'], [rowsOf(set, [1, 2]), rowsOf(set, [3, 4])]);
    await set.append(['c'], [rowsOf(set, [5, 6])]);
    expect(await read(set, ['c', 'a', 'b', 'a'])).toEqual([5, 6, 1, 2, 3, 4, 1, 2]);
    await expect(set.read(['d'])).rejects.toThrow(/No cached features/);
    await set.close();
    expect(set.has('a')).toBe(false);

    const again = await new DiskFeatureStore(root).open(KEY);
    expect(['a', 'b', 'c', 'd'].map((digest) => again.has(digest))).toEqual([true, true, true, false]);
    expect(await read(again, ['b', 'c'])).toEqual([3, 4, 5, 6]);
    await again.close();
  });

  it('keeps apart what differs in any part of the key', async () => {
    const changes: Partial<FeatureKey>[] = [
      {},
      { architecture: 'net@2' },
      { weights: 'v' },
      { stage: 't' },
      { encoding: 'f' },
      { view: 'flip/0' },
      { backend: 'wasm/cpu' },
      { row: { x: { shape: [2], dtype: 'int32' } } },
      { row: { x: { shape: [2, 1], dtype: 'float32' } } },
      { row: { y: { shape: [2], dtype: 'float32' } } },
    ];
    expect(new Set(changes.map((change) => featureKeyDigest({ ...KEY, ...change }))).size).toBe(changes.length);
    const [ab, ba] = [
      { a: KEY.row.x!, b: KEY.row.x! },
      { b: KEY.row.x!, a: KEY.row.x! },
    ];
    expect(featureKeyDigest({ ...KEY, row: ab })).toBe(featureKeyDigest({ ...KEY, row: ba }));
  });

  it.skipIf(process.platform !== 'linux')(
    'reads rows beyond its memory from the disk, gives memory back, and closes its files',
    async () => {
      const store = new DiskFeatureStore(root, { memoryLimit: 24 }); // three rows of 8 bytes
      const set = await store.open(KEY);
      await set.append(['a', 'b'], [rowsOf(set, [1, 2, 3, 4])]);
      expect(await openFiles(root)).toHaveLength(0);
      await set.append(['c', 'd'], [rowsOf(set, [5, 6, 7, 8])]);
      expect(await openFiles(root)).toHaveLength(1);
      // A segment all of whose rows another process has written as well still has a handle to close.
      await set.append(['a', 'b'], [rowsOf(set, [1, 2, 3, 4])]);
      expect(await openFiles(root)).toHaveLength(2);
      expect(await read(set, ['d', 'a', 'c'])).toEqual([7, 8, 1, 2, 5, 6]);

      const elsewhere = await store.open({ ...KEY, stage: 't' }); // one row's room is left: all from the disk
      await elsewhere.append(['a', 'b'], [rowsOf(elsewhere, [9, 10, 11, 12])]);
      expect(await openFiles(root)).toHaveLength(3);
      await set.close();
      await elsewhere.close();
      expect(await openFiles(root)).toEqual([]);

      const third = await store.open(KEY);
      expect(await openFiles(root)).toHaveLength(2);
      await third.close();
    },
  );

  it('reads what is open already once only, for as long as somebody needs it', async () => {
    const store = new DiskFeatureStore(root, { memoryLimit: 16 });
    const set = await store.open(KEY);
    await set.append(['a', 'b'], [rowsOf(set, [1, 2, 3, 4])]);
    const other = await new DiskFeatureStore(root).open(KEY);
    await other.append(['c'], [rowsOf(other, [5, 6])]);
    await other.close();
    const [second, third] = await Promise.all([store.open(KEY), store.open(KEY)]);
    expect(await openFiles(root)).toHaveLength(process.platform === 'linux' ? 1 : 0); // the other's row, which has no room
    await set.close();
    await second.close();
    expect(await read(third, ['c', 'b'])).toEqual([5, 6, 3, 4]);
    await third.close();
    expect(third.has('a')).toBe(false);
    expect(await openFiles(root)).toEqual([]);
    const again = await store.open(KEY);
    expect(await read(again, ['a'])).toEqual([1, 2]);
    await again.close();
  });

  it('says so where a file shrinks while it is read', async () => {
    const set = await new DiskFeatureStore(root, { memoryLimit: 0 }).open(KEY);
    await set.append(['a', 'b'], [rowsOf(set, [1, 2, 3, 4])]);
    const [data] = (await readdir(set.folder)).filter((name) => name.endsWith('.bin'));
    await truncate(join(set.folder, data!), 12);
    expect(await read(set, ['a'])).toEqual([1, 2]);
    await expect(set.read(['b'])).rejects.toMatchObject({ code: 'storage-failed' });
    await set.close();
  });

  it.each<[string, (folder: string, data: string, index: string) => Promise<void>]>([
    ['cut short', (folder, data) => truncate(join(folder, data), 12)],
    ['missing', (folder, data) => rm(join(folder, data))],
    ['without an index', (folder, _data, index) => rm(join(folder, index))],
    ['with an index that is cut short', (folder, _data, index) => truncate(join(folder, index), 3)],
    ['with an index of something else', (folder, _data, index) => writeFile(join(folder, index), '{"a": 1}')],
    ['with an index of more rows', (folder, _data, index) => writeFile(join(folder, index), '["a","b","c"]')],
  ])('leaves out a segment whose data is %s; the rows can be written again', async (_what, damage) => {
    const set = await new DiskFeatureStore(root).open(KEY);
    await set.append(['a', 'b'], [rowsOf(set, [1, 2, 3, 4])]);
    await set.close();
    const [data, index] = (await readdir(set.folder)).sort();
    await damage(set.folder, data!, index!);
    const again = await new DiskFeatureStore(root).open(KEY);
    expect(again.has('a')).toBe(false);
    await again.append(['a', 'b'], [rowsOf(again, [1, 2, 3, 4])]);
    expect(await read(again, ['b', 'a'])).toEqual([3, 4, 1, 2]);
    await again.close();
  });

  it('shares its folder: sets that append at once lose nothing, and see one another after a look', async () => {
    const sets = await Promise.all(Array.from({ length: 4 }, () => new DiskFeatureStore(root).open(KEY)));
    await Promise.all(
      sets.flatMap((set, i) =>
        Array.from({ length: 5 }, (_, k) => set.append([`shared-${k}`, `${i}-${k}`], [rowsOf(set, [k, k, i, k])])),
      ),
    );
    for (const set of sets) {
      await set.refresh();
      for (let i = 0; i < 4; i++)
        for (let k = 0; k < 5; k++) expect(await read(set, [`${i}-${k}`, `shared-${k}`])).toEqual([i, k, k, k]);
      await set.close();
    }
    expect((await readdir(sets[0]!.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('removes what a dead process left unfinished, once it is old', async () => {
    const { folder } = await new DiskFeatureStore(root).open(KEY);
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const name of ['.x.bin.1-aa.tmp', 'orphan.bin']) {
      await writeFile(join(folder, name), 'half');
      await utimes(join(folder, name), old, old);
    }
    await writeFile(join(folder, '.y.bin.2-bb.tmp'), 'of a process at work');
    await (await new DiskFeatureStore(root).open(KEY)).close();
    expect(await readdir(folder)).toEqual(['.y.bin.2-bb.tmp']);
  });

  it('leaves nothing behind where a segment cannot be written', async () => {
    const set = await new DiskFeatureStore(root).open(KEY);
    await rm(set.folder, { recursive: true });
    await writeFile(set.folder, 'a file in the way');
    await expect(set.append(['a'], [rowsOf(set, [1, 2])])).rejects.toMatchObject({ code: 'storage-failed' });
    expect(set.has('a')).toBe(false);
    expect(await readFile(set.folder, 'utf8')).toBe('a file in the way');
    await expect(new DiskFeatureStore(root).open(KEY)).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it('computes anew what was damaged on disk, and nothing else: no flipped bit reaches a reader', async () => {
    for (const memoryLimit of [0, 1000]) {
      const set = await new DiskFeatureStore(root, { memoryLimit }).open(KEY);
      await set.append(['a', 'b'], [rowsOf(set, [1, 2, 3, 4]).subarray(0, 5), rowsOf(set, [1, 2, 3, 4]).subarray(5)]);
      await set.append(['c'], [rowsOf(set, [5, 6])]);
      expect(await set.check(['a', 'b', 'c'])).toBe(0);
      await set.close();
      const names = (await readdir(set.folder)).filter((name) => name.endsWith('.bin')).sort();
      const path = join(set.folder, names[0]!);
      const bytes = await readFile(path);
      bytes[13]! ^= 4;
      await writeFile(path, bytes);
      const again = await new DiskFeatureStore(root, { memoryLimit }).open(KEY);
      expect(await again.check(['a', 'c'])).toBe(0); // asked for no row that is damaged
      expect(await again.check(['a', 'b', 'c'])).toBe(1);
      expect(['a', 'b', 'c'].map((digest) => again.has(digest))).toEqual([true, false, true]);
      expect(await read(again, ['a', 'c'])).toEqual([1, 2, 5, 6]);
      // Nobody finds the row again, before it is written anew or after.
      const meanwhile = await new DiskFeatureStore(root, { memoryLimit }).open(KEY);
      expect(['a', 'b', 'c'].map((digest) => meanwhile.has(digest))).toEqual([true, false, true]);
      expect(await meanwhile.check(['a', 'b', 'c'])).toBe(0);
      await meanwhile.close();
      await again.append(['b'], [rowsOf(again, [3, 4])]);
      expect(await again.check(['a', 'b', 'c'])).toBe(0);
      expect(await read(again, ['b', 'c', 'a'])).toEqual([3, 4, 5, 6, 1, 2]);
      await again.close();
      const last = await new DiskFeatureStore(root, { memoryLimit }).open(KEY);
      expect(await last.check(['a', 'b', 'c'])).toBe(0);
      expect(await read(last, ['b', 'a'])).toEqual([3, 4, 1, 2]);
      await last.close();
      await rm(set.folder, { recursive: true });
    }
  });

  it('removes a segment all of whose rows are damaged', async () => {
    const set = await new DiskFeatureStore(root).open(KEY);
    await set.append(['a', 'b'], [rowsOf(set, [1, 2, 3, 4])]);
    await set.close();
    const [data] = (await readdir(set.folder)).filter((name) => name.endsWith('.bin'));
    await writeFile(join(set.folder, data!), Buffer.alloc(16, 1));
    const again = await new DiskFeatureStore(root).open(KEY);
    expect(await again.check(['a', 'b'])).toBe(2);
    expect(await readdir(set.folder)).toEqual([]);
    await again.close();
  });

  it('opens a set that others remove again and again', async () => {
    const digests = Array.from({ length: 20 }, (_, i) => String(i));
    for (let round = 0; round < 30; round++) {
      const writer = await new DiskFeatureStore(root).open(KEY);
      for (const digest of digests) await writer.append([digest], [rowsOf(writer, [1, 2])]);
      await writer.close();
      // Some of the opening, the listing and the reading comes before the removal, and some after.
      const [...sets] = await Promise.all([
        ...[0, 24, 1e6].map((memoryLimit) => new DiskFeatureStore(root, { memoryLimit }).open(KEY)),
        rm(writer.folder, { recursive: true, force: true, maxRetries: 9 }).then(() => undefined),
      ]);
      for (const set of sets) await set?.close();
    }
  });

  it.skipIf(process.platform !== 'linux')('keeps rows in memory where it may not write', async () => {
    const store = new DiskFeatureStore('/sys/kernel/headstart');
    const set = await store.open(KEY);
    await set.append(['a'], [rowsOf(set, [1, 2])]);
    expect(await set.check(['a'])).toBe(0);
    expect(await read(set, ['a'])).toEqual([1, 2]);
    await set.close();
  });
});
