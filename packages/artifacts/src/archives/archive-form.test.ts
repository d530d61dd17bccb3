import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTarGz, makeZip } from '../testing/make-archives.ts';
import { archiveForm } from './archive-form.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'headstart-form-'))));
afterAll(() => rm(folder, { recursive: true }));

const parts = [{ name: 'cat/1.txt', data: 'x' }];
const hex = (text: string) => Buffer.from(text, 'hex');

it.each<[string, Buffer, string | undefined]>([
  ['photos.zip', makeZip(parts), 'zip'],
  ['anything.csv', makeZip(parts), 'zip'],
  ['empty.zip', makeZip([]), 'zip'],
  ['photos.tar.gz', makeTarGz(parts), 'tar.gz'],
  ['photos.tar', gunzipSync(makeTarGz(parts)), 'tar'],
  ['a.7z', hex('377abcaf271c0004'), '7z'],
  ['a.rar', hex('526172211a0700'), 'rar'],
  ['a.tar.xz', hex('fd377a585a000000'), 'xz'],
  ['a.tar.bz2', hex('425a6836314159265359'), 'bzip2'],
  ['a.tar.zst', hex('28b52ffd00'), 'zstd'],
  ['sheet.xlsx', makeZip(parts), undefined],
  ['sheet', makeZip([...parts, { name: '[Content_Types].xml' }]), undefined],
  ['book', makeZip([{ name: 'mimetype', data: 'application/epub+zip' }]), undefined],
  ['table.csv.gz', gzipSync('text,label\n'.repeat(100)), undefined],
  ['broken.gz', makeTarGz(parts).subarray(0, 12), undefined],
  ['table.csv', Buffer.from('text,label\n'.repeat(100)), undefined],
  ['empty', Buffer.alloc(0), undefined],
  ['zeros', Buffer.alloc(4096), undefined],
])('knows what %s is', async (name, bytes, form) => {
  await writeFile(join(folder, name), bytes);
  expect((await archiveForm(join(folder, name)))?.name).toBe(form);
});
