import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArtifacts } from '../create-artifacts.ts';
import { makeTarGz, makeZip, sha256, type TarPart, type ZipPart } from '../testing/make-archives.ts';
import { containing } from '../testing/matchers.test.kit.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'headstart-unpack-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const artifacts = () => createArtifacts({ root: join(folder, 'cache', 'deep', 'down') });

async function unpacking(bytes: Uint8Array, options: { include?: string[]; maxUnpackedBytes?: number } = {}) {
  await writeFile(join(folder, 'archive'), bytes);
  return artifacts().package({ uri: `file:${join(folder, 'archive')}`, ...options });
}

/** Everything that lies in the test's folder but the archive and the (empty) working folders of the cache. */
async function written(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name !== 'archive' && !entry.name.endsWith('.owner'))
    .map((entry) => join(entry.parentPath, entry.name));
}

const good = { name: 'folder/good.txt', data: 'good' };
const zipped: [string, ZipPart[], string][] = [
  ['a path out of the folder', [good, { name: '../evil.txt', data: 'x' }], '../evil.txt'],
  ['a path out of the folder from inside', [{ name: 'a/b/../../../evil.txt', data: 'x' }], 'a/b/../../../evil.txt'],
  ['a path with backslashes', [{ name: '..\\evil.txt', data: 'x' }], '..\\\\evil.txt'],
  ['an absolute path', [{ name: '/tmp/evil.txt', data: 'x' }], '/tmp/evil.txt'],
  ['a drive letter', [{ name: 'C:/evil.txt', data: 'x' }], 'C:/evil.txt'],
  ['a NUL byte', [{ name: 'a\0b', data: 'x' }], 'a\\u0000b'],
  ['a device name', [{ name: 'folder/NUL.txt', data: 'x' }], 'folder/NUL.txt'],
  ['a symbolic link', [{ name: 'link', data: '/etc/passwd', mode: 0o120777 }], 'link'],
  [
    'a folder through a symbolic link',
    [
      { name: 'link', data: '/tmp', mode: 0o120777 },
      { name: 'link/evil', data: 'x' },
    ],
    'link',
  ],
  ['the same name twice', [good, good], 'folder/good.txt'],
  ['names that differ in case only', [good, { name: 'FOLDER/Good.TXT', data: 'x' }], 'FOLDER/Good.TXT'],
  [
    'names that differ in composition only',
    [
      { name: 'caf\u00e9', data: '1' },
      { name: 'cafe\u0301', data: '2' },
    ],
    'cafe\u0301',
  ],
  [
    'a file that is also a folder',
    [
      { name: 'a', data: '1' },
      { name: 'a/b', data: '2' },
    ],
    'a/b',
  ],
];
const tarred: [string, TarPart[], string][] = [
  ['a path out of the folder', [good, { name: '../evil.txt', data: 'x' }], '../evil.txt'],
  ['an absolute path', [{ name: '/tmp/evil.txt', data: 'x' }], '/tmp/evil.txt'],
  ['a symbolic link', [good, { name: 'link', type: '2', link: '../../..' }, { name: 'link/evil', data: 'x' }], 'link'],
  ['a hard link', [{ name: 'link', type: '1', link: '/etc/passwd' }], 'link'],
  ['a device', [{ name: 'null', type: '3' }], 'null'],
  ['a pipe', [{ name: 'pipe', type: '6' }], 'pipe'],
  ['names that differ in case only', [good, { name: 'folder/GOOD.txt', data: 'x' }], 'folder/GOOD.txt'],
];

describe('unpacking', () => {
  it('gives the files of a zip and of a tar.gz, with folders', async () => {
    const parts = [{ name: './folder/', type: '5', mode: 0o040755 }, good, { name: './top', data: 'top' }];
    for (const bytes of [makeZip(parts), makeTarGz(parts)]) {
      const { path, archiveSha256, cached } = await unpacking(bytes);
      expect(await readFile(join(path, 'folder', 'good.txt'), 'utf8')).toBe('good');
      expect(await readFile(join(path, 'top'), 'utf8')).toBe('top');
      expect(archiveSha256).toBe(sha256(bytes));
      expect(cached).toBe(true);
    }
  });

  it('takes backslashes in names for slashes where Windows is said to have written them', async () => {
    const zip = makeZip([{ name: 'cats\\1.txt', data: 'x' }]);
    await expect(unpacking(zip)).rejects.toMatchObject({ code: 'archive-unsafe' });
    zip[zip.indexOf('PK\x01\x02') + 5] = 0; // made by MS-DOS
    expect(await readFile(join((await unpacking(zip)).path, 'cats', '1.txt'), 'utf8')).toBe('x');
  });

  it('gives the part that is asked for, then more of it, and mends what was damaged', async () => {
    const bytes = makeZip([
      good,
      { name: 'folder/deep/one', data: '1' },
      { name: 'folders', data: '2' },
      { name: 'other/three', data: '3' },
    ]);
    const { path } = await unpacking(bytes, { include: ['folder/'] });
    expect((await readdir(path, { recursive: true })).sort()).toEqual([
      'folder',
      'folder/deep',
      'folder/deep/one',
      'folder/good.txt',
    ]);
    await writeFile(join(path, 'folder', 'good.txt'), 'evil');
    expect((await unpacking(bytes, { include: ['other/three', 'folder'] })).path).toBe(path);
    expect(await readFile(join(path, 'folder', 'good.txt'), 'utf8')).toBe('good');
    expect(await readFile(join(path, 'other', 'three'), 'utf8')).toBe('3');
    await expect(unpacking(bytes, { include: ['othr/three'] })).rejects.toMatchObject({
      code: 'artifact-not-found',
      hint: 'Did you mean "other/three"?',
    });
    await expect(unpacking(bytes, { include: ['../x'] })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('replaces the files where the archive has changed', async () => {
    const { path } = await unpacking(makeZip([good, { name: 'old', data: 'old' }]));
    await unpacking(makeZip([{ name: 'new', data: 'new' }]));
    expect(await readdir(path)).toEqual(['new']);
  });

  it.each(zipped)('refuses a zip with %s', async (_, parts, entry) => {
    await expect(unpacking(makeZip(parts))).rejects.toMatchObject({
      code: 'archive-unsafe',
      message: containing(entry),
    });
    expect(await written()).toEqual([]);
  });

  it.each(tarred)('refuses a tar with %s', async (_, parts, entry) => {
    await expect(unpacking(makeTarGz(parts))).rejects.toMatchObject({
      code: 'archive-unsafe',
      message: containing(entry),
    });
    expect(await written()).toEqual([]);
  });

  it('counts the bytes that come out, not those that are claimed', async () => {
    const zeros = Buffer.alloc(1_000_000);
    for (const bytes of [
      makeZip([{ name: 'bomb', data: zeros, deflate: true }]),
      makeTarGz([{ name: 'bomb', data: zeros }]),
    ]) {
      expect(bytes.length).toBeLessThan(2000);
      await expect(unpacking(bytes, { maxUnpackedBytes: 100_000 })).rejects.toMatchObject({
        code: 'artifact-too-large',
      });
    }
    const honest = makeZip([good, { name: 'bomb', data: 'x', deflate: true, claimedSize: 2 ** 31 }]);
    await expect(unpacking(honest)).rejects.toMatchObject({ code: 'artifact-too-large' });
    const lying = makeZip([{ name: 'bomb', data: zeros, deflate: true, claimedSize: 10 }]);
    await expect(unpacking(lying, { maxUnpackedBytes: 100_000 })).rejects.toMatchObject({ code: 'archive-invalid' });
    expect(await written()).toEqual([]);
  });

  it('refuses what swells beyond anything real, whatever the limits', async () => {
    const bomb = makeTarGz(
      Array.from({ length: 70 }, (_, index) => ({ name: `zeros-${index}`, data: Buffer.alloc(2 ** 20) })),
    );
    await expect(unpacking(bomb)).rejects.toMatchObject({ code: 'artifact-too-large' });
    // Also where only a small part is wanted and the rest is passed over.
    const last = makeTarGz([
      ...Array.from({ length: 140 }, (_, index) => ({ name: `zeros-${index}`, data: Buffer.alloc(2 ** 20) })),
      good,
    ]);
    await expect(unpacking(last, { include: ['folder'] })).rejects.toMatchObject({ code: 'artifact-too-large' });
    // And where filler behind it makes up for what swells.
    const filled = makeTarGz([
      ...Array.from({ length: 130 }, (_, index) => ({ name: `zeros-${index}`, data: Buffer.alloc(2 ** 20) })),
      { name: 'filler', data: randomBytes(2 ** 20) },
    ]);
    await expect(unpacking(filled)).rejects.toMatchObject({ code: 'artifact-too-large' });
    expect(await written()).toEqual([]);
  });

  it('says when an archive is damaged or none', async () => {
    const whole = [
      makeZip([good]),
      makeTarGz([{ name: 'a', data: Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * i) % 251)) }]),
    ];
    for (const bytes of [
      ...whole.map((archive) => archive.subarray(0, -30)),
      Buffer.from('not an archive at all'),
      Buffer.from('PK\x03\x04 and then nothing'),
      Buffer.from('x'),
    ]) {
      await expect(unpacking(bytes)).rejects.toMatchObject({ code: 'archive-invalid' });
    }
    expect(await written()).toEqual([]);
  });
});
