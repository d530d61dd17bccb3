import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import sharp from 'sharp';
import { readImageInput } from './read-images.ts';

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

it('names what is no picture, and what is not there', async () => {
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
