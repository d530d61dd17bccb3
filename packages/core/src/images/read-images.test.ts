import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import sharp from 'sharp';
import { silentProgress } from '@headstart/artifacts';
import { withImage } from './image-file.ts';
import type { LocatedImage } from './image.ts';
import { imageFailure } from './image-error.ts';
import { readImageInput, readListedImages } from './read-images.ts';

let root: string;
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-read-images-'))));
afterAll(() => rm(root, { recursive: true }));

it('reads a picture that is named by its path: content, place, and size both ways', async () => {
  const picture = sharp({ create: { width: 6, height: 4, channels: 3, background: '#c08040' } });
  const bytes = await picture.jpeg().withMetadata({ orientation: 6 }).toBuffer(); // turned by a quarter
  const path = join(root, 'turned.jpg');
  await writeFile(path, bytes);
  const named = relative(process.cwd(), path);
  expect(await readImageInput(named)).toEqual({
    sample: { id: named, digest: createHash('sha256').update(bytes).digest('hex'), image: { kind: 'file', path } },
    sizes: { stored: { width: 6, height: 4 }, upright: { width: 4, height: 6 } },
  });
});

it('reads the same picture by the URL of its file, and by the file in memory', async () => {
  const picture = sharp({ create: { width: 6, height: 4, channels: 3, background: '#c08040' } });
  const bytes = await picture.png().toBuffer();
  const path = join(root, 'a picture.png');
  await writeFile(path, bytes);
  const byPath = await readImageInput(path);
  const url = pathToFileURL(path);
  expect(await readImageInput(url)).toEqual({ ...byPath, sample: { ...byPath.sample, id: url.href } });
  const within = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]);
  const view = new Uint8Array(within.buffer, within.byteOffset + 6, bytes.length);
  const inMemory = await readImageInput(view, 'input 3');
  expect(inMemory.sizes).toEqual(byPath.sizes);
  expect(inMemory.sample).toMatchObject({ id: 'input 3', digest: byPath.sample.digest, image: { kind: 'memory' } });
  const pixels = ({ image, id }: LocatedImage) => withImage(image, id, ({ open }) => open().raw().toBuffer());
  expect(await pixels(inMemory.sample)).toEqual(await pixels(byPath.sample));
  await expect(readImageInput(Buffer.from('no picture'), 'input 3')).rejects.toMatchObject({
    code: 'sample-unreadable',
    message: expect.stringMatching(/^input 3: /) as string,
  });
  await expect(readImageInput(new Uint8Array(0), 'input 4')).rejects.toMatchObject({
    code: 'sample-unreadable',
    message: 'input 4: it has no bytes.',
  });
});

it('leaves no picture out because too many files are open', async () => {
  const many = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  expect(imageFailure('a.png', many)).toMatchObject({
    code: 'storage-failed',
    hint: expect.stringContaining('ulimit -n') as string,
  });
  const failing = (cause: Error) => ({
    id: 'a.png',
    path: '',
    contents: () => {
      throw imageFailure('a.png', cause);
    },
  });
  const reading = { skipBad: true, progress: silentProgress };
  const sampleOf = ({ id }: { id: string }, { digest }: { digest: string }) => ({ id, digest });
  await expect(readListedImages([failing(many)], reading, sampleOf)).rejects.toMatchObject({ code: 'storage-failed' });
  const { skipped } = await readListedImages([failing(new Error('of the picture'))], reading, sampleOf);
  expect(skipped).toMatchObject([{ id: 'a.png' }]);
});

it('names what is not a picture, and what is not there', async () => {
  const path = join(root, 'notes.png');
  await writeFile(path, 'not a picture');
  await expect(readImageInput(path)).rejects.toMatchObject({
    code: 'sample-unreadable',
    message: expect.stringContaining(path) as string,
  });
  const gone = join(root, 'gone.png');
  await expect(readImageInput(gone)).rejects.toMatchObject({
    code: 'sample-unreadable',
    message: `${gone}: there is no such file.`,
  });
});
