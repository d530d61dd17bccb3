import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeBytes, requireSpace } from './disk-space.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-space-'));
});
afterAll(() => rm(root, { recursive: true }));

describe('room on the disk', () => {
  it('is that of the nearest folder that is there', async () => {
    const here = await freeBytes(root);
    expect(here).toBeGreaterThan(0);
    const later = await freeBytes(join(root, 'not', 'yet'));
    // Others write meanwhile.
    expect(Math.abs(later! - here!)).toBeLessThan(2 ** 30);
  });

  it('is enough or is asked for, with both sizes', async () => {
    await requireSpace(join(root, 'library'), 1, 'A library');
    await expect(requireSpace(join(root, 'library'), 1e18, 'A library')).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringMatching(
        /^A library takes about 1000000000\.0 GB in .*library, but only [\d.]+ GB are free\.$/,
      ) as unknown,
      hint: expect.stringContaining('HEADSTART_CACHE') as unknown,
    });
  });
});
