import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifacts } from '@headstart/artifacts';
import { makeZip, type ZipPart } from '@headstart/artifacts/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { archiveInPlaceOfData } from './archive-in-place.ts';
import { archiveAt, openArchiveTarget } from './archive-target.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-archive-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, content: Uint8Array | string): Promise<string> {
  await writeFile(join(root, name), content);
  return join(root, name);
}

async function open(parts: ZipPart[]): Promise<string> {
  const path = await put('data.zip', makeZip(parts));
  const target = await openArchiveTarget(
    path,
    (await archiveAt(path))!,
    createArtifacts({ root: join(root, 'cache') }),
  );
  return target.path;
}

it('refuses an archive without a file as empty', async () => {
  await expect(open([{ name: 'data/', data: '' }])).rejects.toMatchObject({
    code: 'target-empty',
    message: `There is no file in ${join(root, 'data.zip')}.`,
  });
});

it("says how to get on with an archive that is the user's own and not safe to unpack", async () => {
  await expect(open([{ name: 'a/link', data: '/etc', mode: 0o120777 }])).rejects.toMatchObject({
    code: 'archive-unsafe',
    hint: expect.stringContaining('Unpack it with another program') as string,
  });
});

it('says of what holds archives, or is called one, why nothing is read', async () => {
  const inner = makeZip([{ name: 'a/1.txt', data: 'x' }]);
  const within = { code: 'target-unreadable', message: expect.stringContaining('in it (train.zip)') as string };
  await mkdir(join(root, 'set'));
  const packed = await put('set/train.zip', inner);
  expect(await archiveInPlaceOfData(join(root, 'set'))).toMatchObject(within);
  expect(await archiveInPlaceOfData(packed)).toMatchObject(within);
  const page = await put('page.zip', '<!doctype html><p>Sign in</p>');
  expect((await archiveInPlaceOfData(page))!.message).toContain(
    'is called an archive, and its content is that of none',
  );
  expect(await archiveInPlaceOfData(await put('notes.dat', 'x'))).toBeUndefined();
});
