import { openBackend } from '@headstart/backend';
import { createHeadstart, type Headstart } from '@headstart/core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeGlides } from '../tools/glides.ts';
import audio from './index.ts';

let root: string;
let headstart: Headstart;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plugin-audio-'));
  await writeGlides(join(root, 'glides'), 12);
  headstart = await createHeadstart({ backend: await openBackend(), plugins: [audio()] });
});
afterAll(async () => {
  await headstart.close();
  await rm(root, { recursive: true });
});

describe('the plugin', () => {
  it('trains on a folder of recordings, and its model predicts, is evaluated, explained and exported', async () => {
    const out = join(root, 'model');
    const { task, source, metrics } = await headstart.train({
      target: join(root, 'glides'),
      split: [60, 0, 40],
      seed: 1,
      out,
    });
    expect([task, source]).toEqual(['audio-classification', 'ds-cnn-words']);
    expect(metrics['test']!['accuracy']).toBeGreaterThanOrEqual(0.9);
    expect(metrics['test']!['worstRecall']).toBeGreaterThanOrEqual(0.8);

    const model = await headstart.load(out);
    const clip = join(root, 'glides', 'rise', '3.wav');
    const [byPath, byBytes] = await model.predict([clip, await readFile(clip)]);
    expect(byPath).toMatchObject({ label: 'rise' });
    expect(byBytes).toEqual(byPath);
    await expect(model.predict([join(root, 'model', 'model.json')])).rejects.toMatchObject({
      code: 'sample-unreadable',
    });

    const png = Buffer.from(await model.explain(clip));
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      'PNG',
      8 * 49,
      8 * 40,
    ]);
    const pixels = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
    expect(pixels).toHaveLength((3 * 8 * 49 + 1) * 8 * 40);

    const files = await model.export('tfjs', join(root, 'graph'));
    const { userDefinedMetadata } = JSON.parse(await readFile(files[0]!, 'utf8')) as { userDefinedMetadata: unknown };
    expect(userDefinedMetadata).toMatchObject({ labels: ['fall', 'rise'], preprocessing: { rate: 16_000, mels: 40 } });
    await model.dispose();
  });

  it('names a source of its own kind to whom takes another', async () => {
    await expect(
      headstart.train({ target: join(root, 'glides'), source: 'ds-cnn-word', out: join(root, 'none') }),
    ).rejects.toMatchObject({ code: 'unknown-name', hint: expect.stringContaining('ds-cnn-words') as string });
  });
});
