import { plainBackend } from '@headstart/core/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flipBits } from '../tools/measure/flips/flip-bits.ts';
import { pointFiles, torchFile } from '../tools/measure/flips/point-files.ts';

// `npm run measure -- flips` flips a hundred bits of each file, and of a text model's.
const FLIPS = 6;

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'headstart-flips-'))));
afterAll(() => rm(root, { recursive: true }));

it('one flipped bit of what is stored is told, and changes no result', async () => {
  const fixture = join(import.meta.dirname, '../packages/core/src/formats/fixtures/tiny-zip.pth');
  const files = [...(await pointFiles(await plainBackend(), root)), torchFile(fixture, root)];
  expect(files.length).toBeGreaterThan(7);
  for (const file of files) {
    const { told, harmless, wrong } = await flipBits(file, FLIPS);
    expect(wrong, file.name).toEqual([]);
    // Of a zip only what is read is checked: dates and attributes of its parts are not.
    if (!file.path.endsWith('.pth')) expect({ told, harmless }, file.name).toEqual({ told: FLIPS, harmless: 0 });
  }
});
