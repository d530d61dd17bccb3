import { stat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createArtifacts } from '@headstart/artifacts';
import { makeTarGz, makeZip, type ZipPart } from '@headstart/artifacts/testing';
import { createHeadstart, type Headstart } from '@headstart/core';
import { plainBackend } from '@headstart/core/testing';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let root: string;
let cache: string;
let headstart: Headstart;
let photos: ZipPart[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-archives-'));
  cache = join(root, 'cache');
  headstart = await createHeadstart({
    backend: await plainBackend(),
    plugins: [vision(), nlp(), detection()],
    artifacts: createArtifacts({ root: cache }),
  });
  photos = [];
  for (const [name, background] of [
    ['cat', 'red'],
    ['dog', 'blue'],
  ] as const) {
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background } });
    const data = await picture.png().toBuffer();
    for (let i = 0; i < 3; i++) photos.push({ name: `${name}/${i}.png`, data });
  }
});
afterAll(async () => {
  await headstart.close();
  await rm(root, { recursive: true });
});

const within = (folder: string, parts: readonly ZipPart[]) =>
  parts.map((part) => ({ ...part, name: `${folder}/${part.name}` }));

/** Writes an archive and gives its path. */
async function put(name: string, bytes: Buffer): Promise<string> {
  await writeFile(join(root, name), bytes);
  return join(root, name);
}

async function classes(path: string): Promise<[string, number][]> {
  const { labels } = await headstart.inspect({ target: path });
  return labels.map(({ name, train, validation, test }) => [name, train + validation + test]);
}

const both = [
  ['cat', 3],
  ['dog', 3],
];

describe('an archive as the target', () => {
  it('is read as the folder within, whatever packed it and however it is called', async () => {
    const mac: ZipPart[] = [...within('photos', photos), { name: '__MACOSX/photos/cat/._0.png', data: 'x' }];
    const tar = gunzipSync(makeTarGz(photos));
    const archives = {
      'photos.zip': makeZip(photos),
      'mac.zip': makeZip(mac),
      'photos.tar.gz': makeTarGz(within('photos', photos)),
      'photos.tgz': makeTarGz(photos),
      'photos.tar': tar,
      'named.zip': tar,
      download: makeZip(photos),
      'with #blank 100%.zip': makeZip(photos),
    };
    for (const [name, bytes] of Object.entries(archives)) {
      const path = await put(name, bytes);
      expect([name, await classes(path)]).toEqual([name, both]);
      const { target, examples, reader } = await headstart.inspect({ target: path });
      expect([target, reader]).toEqual([path, 'image-folder']);
      expect(examples.map(({ id }) => id)).toContain('cat/0.png');
    }
  });

  it('keeps its splits, boxes and tables', async () => {
    const splits = [...within('train', photos), ...within('val', photos)];
    expect(await classes(await put('splits.zip', makeZip(within('set', splits))))).toEqual([
      ['cat', 6],
      ['dog', 6],
    ]);
    const coco = JSON.stringify({
      images: [{ id: 1, file_name: '0.png', width: 8, height: 8 }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 4, 4] }],
      categories: [{ id: 1, name: 'ball' }],
    });
    const boxes = [
      { name: 'export/annotations/instances_default.json', data: coco },
      { ...photos[0]!, name: 'export/images/0.png' },
    ];
    const found = await headstart.inspect({ target: await put('boxes.zip', makeZip(boxes)) });
    expect([found.reader, found.labels.map(({ name }) => name)]).toEqual(['coco-json', ['ball']]);
    const rows = ['text,label', ...Array.from({ length: 12 }, (_, i) => `words number ${i},${i % 2 ? 'odd' : 'even'}`)];
    const table = await put('reviews.csv.zip', makeZip([{ name: 'reviews.csv', data: rows.join('\n') }]));
    expect((await headstart.inspect({ target: table })).reader).toBe('text-table');
  });

  it('is unpacked once, anew where it has changed, and whole where a file was lost', async () => {
    const path = await put('again.zip', makeZip(photos));
    await classes(path);
    const unpacked = await folderOf('again');
    const before = await stat(join(unpacked, 'cat', '0.png'));
    await classes(path);
    expect((await stat(join(unpacked, 'cat', '0.png'))).ino).toBe(before.ino);
    await rm(join(unpacked, 'cat'), { recursive: true });
    expect(await classes(path)).toEqual(both);
    await put('again.zip', makeZip([...photos, { ...photos[0]!, name: 'cat/new.png' }]));
    expect(await classes(path)).toEqual([
      ['cat', 4],
      ['dog', 3],
    ]);
  });

  it('says what is wrong in terms of the archive', async () => {
    const path = await put('loose.zip', makeZip([...photos, { ...photos[0]!, name: 'loose.png' }]));
    await expect(headstart.inspect({ target: path })).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining(join(path, 'loose.png')) as string,
    });
  });
});

/** Where an archive is unpacked. */
async function folderOf(name: string): Promise<string> {
  const packages = await readdir(join(cache, 'packages'));
  return join(cache, 'packages', packages.find((folder) => folder.includes(name))!, 'content');
}

describe('an archive that is refused', () => {
  let before: string[];
  beforeEach(async () => void (before = await readdir(join(cache, 'packages')).catch(() => [])));

  const hostile: Record<string, [() => Buffer, object]> = {
    'leads out': [() => makeZip([...photos, { name: '../evil.png', data: 'x' }]), { code: 'archive-unsafe' }],
    'leads out, as a tar': [
      () => makeTarGz([...photos, { name: '../evil.png', data: 'x' }]),
      { code: 'archive-unsafe' },
    ],
    'has a link': [
      () => makeTarGz([...photos, { name: 'cat/x.png', type: '2', link: '/etc/passwd' }]),
      { code: 'archive-unsafe' },
    ],
    'is encrypted': [
      () => encrypted(makeZip(photos.map((part) => ({ ...part, deflate: true })))),
      {
        code: 'archive-unsafe',
        message: expect.stringContaining('encrypted') as string,
        hint: expect.stringContaining('password') as string,
      },
    ],
    'is cut off': [() => makeZip(photos).subarray(0, -40), { code: 'archive-invalid' }],
    'claims terabytes': [
      () =>
        makeZip([
          { name: 'cat/0.png', data: 'x', claimedSize: 2 ** 31, deflate: true },
          { name: 'a.png', data: 'y', claimedSize: 2 ** 31, deflate: true },
        ]),
      { code: 'artifact-too-large' },
    ],
    'is a 7z': [
      () => Buffer.from('377abcaf271c0004', 'hex'),
      { code: 'target-unreadable', message: expect.stringContaining('7z') as string },
    ],
    'is a rar': [
      () => Buffer.from('526172211a0701000000', 'hex'),
      { code: 'target-unreadable', message: expect.stringContaining('rar') as string },
    ],
    'is a tar.xz': [
      () => Buffer.from('fd377a585a000000', 'hex'),
      { code: 'target-unreadable', message: expect.stringContaining('xz') as string },
    ],
  };
  it.each(Object.entries(hostile))('%s', async (name, [bytes, error]) => {
    const path = await put(`${name}.zip`, bytes());
    await expect(headstart.inspect({ target: path })).rejects.toMatchObject(error);
    expect(await readdir(join(cache, 'packages')).catch(() => [])).toEqual(before);
  });

  it('is a document or a packed file and no archive', async () => {
    const sheet = makeZip([
      { name: 'xl/workbook.xml', data: '<x/>' },
      { name: '[Content_Types].xml', data: '<x/>' },
    ]);
    for (const [name, bytes] of [
      ['sheet.zip', sheet],
      ['text.gz', gzipSync('not a tar')],
    ] as const) {
      await expect(headstart.inspect({ target: await put(name, bytes) })).rejects.toMatchObject({
        code: expect.stringMatching(/^(?!archive|artifact|internal)/) as string,
      });
    }
    expect(await readdir(join(cache, 'packages')).catch(() => [])).toEqual(before);
  });
});

it.skipIf(process.platform === 'win32')('refuses a pipe and a device without opening them', async () => {
  expect(spawnSync('mkfifo', [join(root, 'pipe')]).status).toBe(0);
  for (const target of [join(root, 'pipe'), '/dev/zero']) {
    await expect(headstart.inspect({ target })).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('pipe') as string,
    });
  }
});

/** Sets the flag of encryption (bit 0) in every header of a zip. */
function encrypted(zip: Buffer): Buffer {
  const bytes = Buffer.from(zip);
  for (const [mark, at] of [
    ['PK\x03\x04', 6],
    ['PK\x01\x02', 8],
  ] as const) {
    for (let i = bytes.indexOf(mark); i >= 0; i = bytes.indexOf(mark, i + 4)) bytes[i + at]! |= 1;
  }
  return bytes;
}
